package provider

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi/sdk/v3/go/property"

	"swarm-farm/toolchain/command/internal/sshtest"
)

// both runs a test for the local and the remote command, which are to behave
// alike; base are the inputs that make the difference.
func both(t *testing.T, test func(t *testing.T, h *harness, base values)) {
	t.Helper()
	t.Run("local", func(t *testing.T) {
		t.Parallel()
		test(t, use(t, localCommand), values{})
	})
	t.Run("remote", func(t *testing.T) {
		t.Parallel()
		server := sshtest.Start(t, "AcceptEnv PULUMI_COMMAND_* GREETING")
		test(t, use(t, remoteCommand), connection(server))
	})
}

func TestLifecycle(t *testing.T) {
	both(t, func(t *testing.T, h *harness, base values) {
		deleted := filepath.Join(t.TempDir(), "deleted")
		inputs := with(base, values{
			"create":      text(`printf '%s+%s\n\n' "$(cat)" "$GREETING"; echo err >&2`),
			"stdin":       text("in"),
			"environment": property.New(values{"GREETING": text("hello")}),
			"delete":      text(`echo "$PULUMI_COMMAND_STDOUT/$PULUMI_COMMAND_STDERR" > ` + deleted),
		})
		check(t, h.create(inputs))
		h.want("stdout", "in+hello\n")
		h.want("stderr", "err")
		// Without update, create runs again.
		check(t, h.update(with(inputs, values{"stdin": text("more")})))
		h.want("stdout", "more+hello\n")
		update := with(inputs, values{"update": text(`printf "was $PULUMI_COMMAND_STDOUT $PULUMI_COMMAND_STDERR"`)})
		check(t, h.update(update))
		h.want("stdout", "was more+hello\n err")
		h.want("stderr", "")
		check(t, h.update(with(update, values{
			"addPreviousOutputInEnv": property.New(false),
			"update":                 text(`echo "was $PULUMI_COMMAND_STDOUT"`),
		})))
		h.want("stdout", "was ")
		check(t, h.update(update))
		check(t, h.delete())
		if got, _ := os.ReadFile(deleted); string(got) != "was was  /\n" {
			t.Errorf("delete got %q", got)
		}
	})
}

func TestNothingSetRunsNothing(t *testing.T) {
	// The host does not exist: connecting to it would fail.
	nowhere := values{"connection": property.New(values{"host": text("host.invalid"), "dialErrorLimit": property.New(1.0)})}
	for token, base := range map[string]values{localCommand: {}, remoteCommand: nowhere} {
		h := use(t, token)
		check(t, h.create(base))
		h.want("stdout", "")
		check(t, h.update(with(base, values{"stdin": text("x")})))
		check(t, h.delete())
	}
}

func TestPreviewRunsNothing(t *testing.T) {
	both(t, func(t *testing.T, h *harness, base values) {
		trace := filepath.Join(t.TempDir(), "trace")
		inputs := with(base, values{"create": appendTo(trace, "ran"), "triggers": list(text("a"))})
		response, err := h.server.Create(p.CreateRequest{Urn: h.urn, Properties: h.check(inputs), DryRun: true})
		check(t, err)
		if !response.Properties.Get("stdout").IsComputed() || !response.Properties.Get("stderr").IsComputed() {
			t.Error("on create, stdout and stderr should be unknown")
		}
		if exists(trace) {
			t.Fatal("preview ran the script")
		}
		check(t, h.create(inputs))
		if h.previewUpdate(inputs).Get("stdout").IsComputed() {
			t.Error("nothing changed, stdout should be known")
		}
		changes := values{
			"stdin": text("x"), "create": text("other"), "triggers": list(text("b")), "update": text("y"),
			"environment": property.New(values{"A": property.New(property.Computed)}), "logging": text("none"),
		}
		for name, value := range changes {
			if !h.previewUpdate(with(inputs, values{name: value})).Get("stdout").IsComputed() {
				t.Errorf("%s changed, stdout should be unknown", name)
			}
		}
		if got, _ := os.ReadFile(trace); string(got) != "ran\n" {
			t.Errorf("ran: %q", got)
		}
	})
}

func TestSecretsFlow(t *testing.T) {
	both(t, func(t *testing.T, h *harness, base values) {
		check(t, h.create(with(base, values{"create": text("echo open")})))
		if h.state.Get("stdout").Secret() {
			t.Error("nothing the script sees is secret, stdout should not be either")
		}
		if _, remote := base["connection"]; remote && !h.state.Get("connection").HasSecrets() {
			t.Error("connection should be secret")
		}
		// Marking a value as secret is an update that runs nothing.
		check(t, h.update(with(base, values{"create": secret(text("echo open"))})))
		h.want("stdout", "open")
		check(t, h.update(with(base, values{"create": text("cat"), "stdin": secret(text("quiet"))})))
		if !h.state.Get("stdout").Secret() {
			t.Error("stdin is secret, stdout should be too")
		}
	})
}

func TestFailureMessage(t *testing.T) {
	both(t, func(t *testing.T, h *harness, base values) {
		script := "echo first\nseq 100 >&2; cat >&2; echo \"$GREETING\" >&2; exit 3\n# line three " + strings.Repeat("x", 300)
		err := h.create(with(base, values{
			"create": text(script), "stdin": text("from stdin\n"),
			"environment": property.New(values{"GREETING": secret(text("whisper"))}),
		}))
		wantError(t, err, "exit status 3", "echo first", "\n100\n", " …")
		for _, hidden := range []string{"from stdin", "whisper", "line three", "PRIVATE KEY", "\n50\n"} {
			if strings.Contains(err.Error(), hidden) {
				t.Errorf("%q is in: %v", hidden, err)
			}
		}
	})
}

func TestUnreadStdinAndOddOutput(t *testing.T) {
	both(t, func(t *testing.T, h *harness, base values) {
		check(t, h.create(with(base, values{
			"create": text(`printf 'a\377b'`), "stdin": text(strings.Repeat("unread ", 1<<18)),
		})))
		h.want("stdout", "a\uFFFDb")
	})
}

func TestLogging(t *testing.T) {
	both(t, func(t *testing.T, h *harness, base values) {
		name := strings.ReplaceAll(t.Name(), "/", "-")
		start := filepath.Join(t.TempDir(), "go")
		done := make(chan error, 1)
		go func() {
			done <- h.create(with(base, values{"create": text(
				"echo " + name + "-live; while ! test -e " + start + "; do sleep 0.05; done; printf " + name + "-end")}))
		}()
		sshtest.Wait(t, "a line while the script runs", func() bool { return inLog(name + "-live") })
		check(t, os.WriteFile(start, nil, 0o600))
		check(t, <-done)
		if !inLog(name + "-end") {
			t.Error("the unfinished last line was not logged")
		}
		for kind, want := range map[string][2]bool{
			"stdout": {true, false}, "stderr": {false, true}, "stdoutAndStderr": {true, true}, "none": {},
		} {
			out, err := name+kind+"-out", name+kind+"-err"
			check(t, h.create(with(base, values{"logging": text(kind), "create": text("echo " + out + "; echo " + err + " >&2")})))
			if got := [2]bool{inLog(out), inLog(err)}; got != want {
				t.Errorf("%s logged %v", kind, got)
			}
			h.want("stderr", err)
		}
		response, err := h.server.Check(p.CheckRequest{Urn: h.urn, Inputs: property.NewMap(with(base, values{"logging": text("loud")}))})
		check(t, err)
		if len(response.Failures) != 1 || response.Failures[0].Property != "logging" {
			t.Errorf("failures: %v", response.Failures)
		}
	})
}

func TestCancel(t *testing.T) {
	both(t, func(t *testing.T, h *harness, base values) {
		pid := filepath.Join(t.TempDir(), "pid")
		done := make(chan error, 1)
		go func() {
			// The sleep is a child, so ending the shell alone would leave it behind.
			done <- h.create(with(base, values{"create": text("sleep 600 & echo $! > " + pid + ".new; mv " + pid + ".new " + pid + "; wait")}))
		}()
		sshtest.Wait(t, "the script to run", func() bool { return exists(pid) })
		check(t, h.server.Cancel())
		wantError(t, <-done, "canceled")
		child, err := os.ReadFile(pid)
		check(t, err)
		sshtest.Wait(t, "the script's child to end", func() bool {
			// What ended but was not collected yet still has its folder, but no command line.
			line, _ := os.ReadFile("/proc/" + strings.TrimSpace(string(child)) + "/cmdline")
			return len(line) == 0
		})
	})
}
