package main

import (
	"bytes"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"swarm-farm/apps/exporter/internal/dockertest"
)

// asProgram makes the tests' own binary the exporter: main is tested with its flags, signals and exit status.
const asProgram = "EXPORTER_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// program is the exporter as a process, and all that it writes.
func program(args ...string) (*exec.Cmd, *bytes.Buffer) {
	command := exec.Command(os.Args[0], args...)
	command.Env = append(os.Environ(), asProgram+"=1")
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	return command, &output
}

func freeAddress(t *testing.T) string {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer free.Close()
	return free.Addr().String()
}

func TestProgramServesUntilItIsStopped(t *testing.T) {
	daemon := dockertest.Start(t, dockertest.Container{ID: "aa", Name: "web.1.x", Service: "web"})
	listen := freeAddress(t)
	server, output := program("-listen", listen, "-docker", daemon.Socket, "-loadbalancer", "")
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = server.Process.Kill() }()
	healthy := func() error {
		check, _ := program("-check", "-listen", listen)
		return check.Run()
	}
	for deadline := time.Now().Add(20 * time.Second); healthy() != nil; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("it is not healthy: %s", output)
		}
	}
	if status, text := get(t, "http://"+listen+"/metrics"); status != 200 || !strings.Contains(text, `name="web.1.x"`) {
		t.Errorf("got %d\n%s", status, text)
	}
	for _, request := range daemon.Requests() {
		if strings.Contains(request, "/logs") {
			t.Errorf("without a load balancer a log is read: %s", request)
		}
	}
	if err := server.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := server.Wait(); err != nil {
		t.Errorf("it ends with %v: %s", err, output)
	}
	if healthy() == nil {
		t.Error("it is healthy after its end")
	}
}

func TestProgramRefuses(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	none := filepath.Join(t.TempDir(), "none")
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"an argument":          {[]string{"serve"}, "unexpected argument 'serve'"},
		"an unknown flag":      {[]string{"-write"}, "flag provided but not defined: -write"},
		"a port that is taken": {[]string{"-listen", taken.Addr().String(), "-docker", none}, "address already in use"},
		"php without a port":   {[]string{"-php", "tasks.php"}, "missing port in address"},
		"no address":           {[]string{"-check", "-listen", "nonsense"}, "missing port in address"},
	} {
		t.Run(name, func(t *testing.T) {
			command, output := program(test.args...)
			err := command.Run()
			var exit *exec.ExitError
			if !errors.As(err, &exit) || !strings.Contains(output.String(), test.want) {
				t.Errorf("ended with %v and %q, want %q", err, output, test.want)
			}
		})
	}
}
