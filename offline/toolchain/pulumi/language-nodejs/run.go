package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/structpb"
)

// bailExitCode is what the Node.js SDK exits with after it has reported an error to the engine itself.
const bailExitCode = 32

// Run runs the program with the SDK's own runner and reports how it ended.
func (h *host) Run(ctx context.Context, req *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	info := req.GetInfo()
	runner, err := findRunner(info.GetProgramDirectory())
	if err != nil {
		return &pulumirpc.RunResponse{Error: err.Error()}, nil
	}
	env, err := programEnv(req)
	if err != nil {
		return nil, err
	}

	cmd := exec.CommandContext(ctx, "node", append(nodeArgs(info.GetOptions(), runner), h.runnerArgs(req)...)...)
	cmd.Dir = info.GetProgramDirectory()
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.Env = env
	// Node must not outlive this host: an engine that is killed takes both with it.
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}

	var exit *exec.ExitError
	switch err := cmd.Run(); {
	case err == nil:
		return &pulumirpc.RunResponse{}, nil
	case errors.As(err, &exit) && exit.ExitCode() == bailExitCode:
		return &pulumirpc.RunResponse{Bail: true}, nil
	case errors.As(err, &exit):
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("the program ended with exit status %d", exit.ExitCode())}, nil
	default:
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("run node: %v", err)}, nil
	}
}

// findRunner gives the SDK's entry point, looked up the way Node.js looks up a package: in each parent's node_modules.
func findRunner(dir string) (string, error) {
	for at := dir; ; at = filepath.Dir(at) {
		runner := filepath.Join(at, "node_modules", "@pulumi", "pulumi", "cmd", "run")
		if _, err := os.Stat(runner); err == nil {
			return runner, nil
		}
		if at == filepath.Dir(at) {
			return "", fmt.Errorf("@pulumi/pulumi is not installed in or above %s: run npm ci there", dir)
		}
	}
}

// nodeArgs puts the nodeargs option of Pulumi.yaml before the runner.
func nodeArgs(options *structpb.Struct, runner string) []string {
	return append(strings.Fields(options.GetFields()["nodeargs"].GetStringValue()), runner)
}

// runnerArgs are the flags of the SDK's runner, then the program and its own arguments.
func (h *host) runnerArgs(req *pulumirpc.RunRequest) []string {
	info := req.GetInfo()
	args := []string{
		"--monitor", req.GetMonitorAddress(),
		"--engine", h.engine,
		"--project", req.GetProject(),
		"--stack", req.GetStack(),
		"--organization", req.GetOrganization(),
		"--pwd", req.GetPwd(),
		"--parallel", strconv.Itoa(int(req.GetParallel())),
		"--root-directory", info.GetRootDirectory(),
	}
	if req.GetDryRun() {
		args = append(args, "--dry-run")
	}
	return append(append(args, info.GetEntryPoint()), req.GetArgs()...)
}

// programEnv hands the configuration to the SDK, which takes it from two environment variables and no file.
func programEnv(req *pulumirpc.RunRequest) ([]string, error) {
	config, secretKeys := req.GetConfig(), req.GetConfigSecretKeys()
	if config == nil { // the SDK fails on JSON's null
		config = map[string]string{}
	}
	if secretKeys == nil {
		secretKeys = []string{}
	}
	configJSON, err := json.Marshal(config)
	if err != nil {
		return nil, fmt.Errorf("encode the configuration: %w", err)
	}
	keysJSON, err := json.Marshal(secretKeys)
	if err != nil {
		return nil, fmt.Errorf("encode the secret keys: %w", err)
	}
	// typescript: true is Pulumi's default; only an explicit false leaves the program to Node and its nodeargs.
	typescript := true
	if set, ok := req.GetInfo().GetOptions().GetFields()["typescript"]; ok {
		typescript = set.GetBoolValue()
	}
	return append(os.Environ(),
		"PULUMI_CONFIG="+string(configJSON),
		"PULUMI_CONFIG_SECRET_KEYS="+string(keysJSON),
		"PULUMI_NODEJS_TYPESCRIPT="+strconv.FormatBool(typescript),
	), nil
}
