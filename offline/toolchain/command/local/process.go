package local

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"swarm-farm/toolchain/command/internal/failure"
	"swarm-farm/toolchain/command/internal/lifecycle"
	"swarm-farm/toolchain/command/internal/logs"
)

// grace is how long a canceled script has to end before it is killed.
const grace = 5 * time.Second

// execute runs a script to its end, or until the context is done: then its
// whole process group is told to end, and killed after the grace.
func (p Place) execute(ctx context.Context, run *lifecycle.Run) (lifecycle.Output, error) {
	stdout, stderr := logs.Pair(ctx, p.Logging)
	err := p.start(ctx, run, stdout, stderr)
	stdout.Flush()
	stderr.Flush()
	if err != nil {
		return lifecycle.Output{}, failure.Of(ctx, run.Script, "locally", err, stderr.Text())
	}
	return lifecycle.Output{Stdout: stdout.Text(), Stderr: stderr.Text()}, nil
}

func (p Place) start(ctx context.Context, run *lifecycle.Run, stdout, stderr *logs.Capture) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	program := p.Interpreter
	if len(program) == 0 {
		program = []string{"/bin/sh", "-c"}
	}
	environment, err := variables(run)
	if err != nil {
		return err
	}
	cmd := exec.Command(program[0], append(program[1:len(program):len(program)], run.Script)...)
	cmd.Env = append(os.Environ(), environment...)
	cmd.Stdin = strings.NewReader(run.Stdin)
	cmd.Stdout, cmd.Stderr = stdout, stderr
	// A group of its own: killing the interpreter alone would leave the
	// programs it started behind.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if p.Dir != nil {
		cmd.Dir = *p.Dir
		if info, err := os.Stat(*p.Dir); err != nil || !info.IsDir() {
			return fmt.Errorf("dir %q is not a directory that exists", *p.Dir)
		}
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("starting interpreter %q: %w", program[0], err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		return end(cmd.Process.Pid, ended)
	}
}

func end(group int, ended <-chan error) error {
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL} {
		// The group may be gone already, so an error means nothing here.
		_ = syscall.Kill(-group, signal)
		select {
		case err := <-ended:
			return err
		case <-time.After(grace):
		}
	}
	return errors.New("a program that left the script's process group is still running")
}

// variables returns the environment of a run as NAME=VALUE.
func variables(run *lifecycle.Run) ([]string, error) {
	var list []string
	for name, value := range run.Environment {
		list = append(list, name+"="+value)
	}
	for name, value := range run.Previous {
		if lifecycle.Fits(name, value) {
			list = append(list, name+"="+value)
		} else if run.Needs(name) {
			return nil, fmt.Errorf("the previous output is too long or not text, so it cannot be given in %s: "+
				"set addPreviousOutputInEnv to false or print less", name)
		}
	}
	return list, nil
}
