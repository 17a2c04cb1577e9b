package provider

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/blang/semver"
	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi-go-provider/integration"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/property"

	"swarm-farm/toolchain/command/internal/sshtest"
)

// Tokens of the resources.
const (
	localCommand  = "command:local:Command"
	remoteCommand = "command:remote:Command"
	copyToRemote  = "command:remote:CopyToRemote"
)

type values = map[string]property.Value

// harness is the plugin and one resource of it.
type harness struct {
	t      *testing.T
	server integration.Server
	urn    resource.URN
	id     string
	inputs property.Map
	state  property.Map
}

func use(t *testing.T, token string) *harness {
	t.Helper()
	provider, err := New()
	check(t, err)
	server, err := integration.NewServer(context.Background(), Name, semver.MustParse(Version), integration.WithProvider(provider))
	check(t, err)
	return &harness{t: t, server: server, urn: resource.NewURN("stack", "project", "", tokens.Type(token), "name")}
}

func (h *harness) check(inputs values) property.Map {
	h.t.Helper()
	response, err := h.server.Check(p.CheckRequest{Urn: h.urn, State: h.inputs, Inputs: property.NewMap(inputs)})
	check(h.t, err)
	if len(response.Failures) > 0 {
		h.t.Fatalf("check: %v", response.Failures)
	}
	return h.wire(response.Inputs)
}

func (h *harness) create(inputs values) error {
	h.t.Helper()
	checked := h.check(inputs)
	response, err := h.server.Create(p.CreateRequest{Urn: h.urn, Properties: checked})
	if err == nil {
		h.id, h.inputs, h.state = response.ID, checked, h.wire(response.Properties)
	}
	return err
}

func (h *harness) update(inputs values) error {
	h.t.Helper()
	checked := h.check(inputs)
	response, err := h.server.Update(p.UpdateRequest{
		Urn: h.urn, ID: h.id, State: h.state, OldInputs: h.inputs, Inputs: checked,
	})
	if err == nil {
		h.inputs, h.state = checked, h.wire(response.Properties)
	}
	return err
}

func (h *harness) previewUpdate(inputs values) property.Map {
	h.t.Helper()
	response, err := h.server.Update(p.UpdateRequest{
		Urn: h.urn, ID: h.id, State: h.state, OldInputs: h.inputs, Inputs: h.check(inputs), DryRun: true,
	})
	check(h.t, err)
	return response.Properties
}

// wire returns properties as they are after their way to the engine, where
// assets take shape again.
func (h *harness) wire(m property.Map) property.Map {
	h.t.Helper()
	options := plugin.MarshalOptions{KeepSecrets: true, KeepUnknowns: true}
	sent, err := plugin.MarshalProperties(resource.ToResourcePropertyValue(property.New(m)).ObjectValue(), options)
	check(h.t, err)
	received, err := plugin.UnmarshalProperties(sent, options)
	check(h.t, err)
	return resource.FromResourcePropertyValue(resource.NewProperty(received)).AsMap()
}

func (h *harness) delete() error {
	return h.server.Delete(p.DeleteRequest{Urn: h.urn, ID: h.id, Properties: h.state, OldInputs: h.inputs})
}

// want fails unless an output has a value, secret or not.
func (h *harness) want(name, value string) {
	h.t.Helper()
	if got := h.state.Get(name); !got.IsString() || got.AsString() != value {
		h.t.Errorf("%s: got %#v, want %q", name, got, value)
	}
}

func text(s string) property.Value            { return property.New(s) }
func list(v ...property.Value) property.Value { return property.New(v) }
func secret(v property.Value) property.Value  { return v.WithSecret(true) }

// with returns base with more values.
func with(base values, more values) values {
	all := values{}
	for _, set := range [...]values{base, more} {
		for name, value := range set {
			all[name] = value
		}
	}
	return all
}

func connection(s *sshtest.Server) values {
	return values{"connection": property.New(values{
		"host": text("127.0.0.1"), "port": property.New(float64(s.Port)), "user": text(s.User),
		"privateKey": text(s.PrivateKey), "hostKey": text(s.HostKey), "dialErrorLimit": property.New(1.0),
	})}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q is not in: %v", part, err)
		}
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// logged collects the engine's log of all tests.
var logged struct {
	sync.Mutex
	lines []string
}

func inLog(line string) bool {
	logged.Lock()
	defer logged.Unlock()
	for _, l := range logged.lines {
		if l == line {
			return true
		}
	}
	return false
}

type logHandler struct{ slog.Handler }

func (logHandler) Enabled(context.Context, slog.Level) bool { return true }

func (logHandler) Handle(_ context.Context, r slog.Record) error {
	logged.Lock()
	defer logged.Unlock()
	logged.lines = append(logged.lines, r.Message)
	return nil
}

func (h logHandler) WithAttrs([]slog.Attr) slog.Handler { return h }

func TestMain(m *testing.M) {
	// Without an engine, the framework logs here.
	slog.SetDefault(slog.New(logHandler{}))
	os.Exit(m.Run())
}

func appendTo(path, line string) property.Value {
	return text(fmt.Sprintf("echo %s >> %s", line, path))
}
