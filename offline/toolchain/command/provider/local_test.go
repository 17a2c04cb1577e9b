package provider

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/property"
)

func TestFilesOfLocalCommand(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	h := use(t, localCommand)
	inputs := values{
		"dir":          text(dir),
		"create":       text("mkdir -p assets/logos src/lib; for f in assets/logos/logo.svg src/index.js src/secret.js src/lib/x.js; do echo $f > $f; done"),
		"assetPaths":   list(text("assets/**"), text("src/**.js"), text("!**secret.*")),
		"archivePaths": list(text("src/*")),
	}
	response, err := h.server.Create(p.CreateRequest{Urn: h.urn, Properties: h.check(inputs), DryRun: true})
	check(t, err)
	if !response.Properties.Get("assets").IsComputed() || !response.Properties.Get("archive").IsComputed() {
		t.Error("assets and archive should be unknown at preview")
	}
	check(t, h.create(inputs))
	names := func(state property.Map) []string {
		return slices.Sorted(maps.Keys(state.Get("assets").AsMap().AsMap()))
	}
	want := []string{"assets/logos/logo.svg", "src/index.js", "src/lib/x.js"}
	if got := names(h.state); !slices.Equal(got, want) {
		t.Errorf("assets: %v", got)
	}
	archive := h.state.Get("archive").AsArchive()
	if got := slices.Sorted(maps.Keys(archive.Assets)); !slices.Equal(got, []string{"src/index.js", "src/secret.js"}) {
		t.Errorf("archive: %v", got)
	}
	// The engine sends old states without what is in the assets.
	bare := values{}
	for name, value := range h.state.Get("assets").AsMap().All {
		bare[name] = property.New(&resource.Asset{Sig: value.AsAsset().Sig, Hash: value.AsAsset().Hash})
	}
	sent := h.state.Set("assets", property.New(bare)).Set("archive",
		property.New(&resource.Archive{Sig: archive.Sig, Hash: archive.Hash, Assets: map[string]any{}}))
	read, err := h.server.Read(p.ReadRequest{ID: h.id, Urn: h.urn, Properties: sent, Inputs: h.inputs})
	check(t, err)
	state := h.wire(read.Properties)
	if got := state.Get("assets").AsMap().Get("src/index.js").AsAsset().Path; got != filepath.Join(dir, "src/index.js") {
		t.Errorf("path after a refresh: %q", got)
	}
	if got := len(state.Get("archive").AsArchive().Assets); got != 2 {
		t.Errorf("%d files in the archive after a refresh", got)
	}
}

func TestInterpreterAndDir(t *testing.T) {
	t.Parallel()
	h := use(t, localCommand)
	bash := values{"interpreter": list(text("/bin/bash"), text("-e"), text("-c"))}
	wantError(t, h.create(with(bash, values{"create": text("echo a; false; echo b")})), "exit status 1")
	check(t, h.create(with(bash, values{"create": text("echo ${BASH_VERSION:+bash}")})))
	h.want("stdout", "bash")
	wantError(t, h.create(values{"create": text("true"), "dir": text("/nowhere")}), "/nowhere", "not a directory")
	wantError(t, h.create(values{"create": text("true"), "interpreter": list(text("no-such-program"))}), "no-such-program")
}

func TestRun(t *testing.T) {
	t.Parallel()
	h := use(t, localCommand)
	dir := t.TempDir()
	check(t, os.WriteFile(filepath.Join(dir, "f"), nil, 0o600))
	response, err := h.server.Invoke(p.InvokeRequest{Token: "command:local:run", Args: property.NewMap(values{
		"command": text("pwd; cat"), "stdin": text("in"), "dir": text(dir), "assetPaths": list(text("*")),
	})})
	check(t, err)
	if got := response.Return.Get("stdout").AsString(); got != dir+"\nin" {
		t.Errorf("stdout: %q", got)
	}
	if response.Return.Get("assets").AsMap().Len() != 1 {
		t.Errorf("assets: %v", response.Return.Get("assets"))
	}
	_, err = h.server.Invoke(p.InvokeRequest{Token: "command:local:run", Args: property.NewMap(values{"command": text("exit 9")})})
	wantError(t, err, "exit status 9")
}
