package provider

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/property"

	"swarm-farm/toolchain/command/internal/sshtest"
)

func TestServerThatAcceptsNoVariables(t *testing.T) {
	t.Parallel()
	h, base := use(t, remoteCommand), connection(sshtest.Start(t))
	wantError(t, h.create(with(base, values{
		"create": text("true"), "environment": property.New(values{"GREETING": text("x")}),
	})), "GREETING", "AcceptEnv")
	check(t, h.create(with(base, values{"create": text("echo made")})))
	// The previous output is a default nobody asked for here.
	check(t, h.update(with(base, values{"create": text("echo made again")})))
	h.want("stdout", "made again")
	// But a script that reads it must not run without.
	wantError(t, h.update(with(base, values{"update": text("rm -f /nowhere/$PULUMI_COMMAND_STDOUT")})),
		"PULUMI_COMMAND_STDOUT", "AcceptEnv", "addPreviousOutputInEnv")
	wantError(t, h.update(with(base, values{"create": text("x"), "addPreviousOutputInEnv": property.New(true)})), "AcceptEnv")
}

func TestCommandThroughProxyAndWrongHostKey(t *testing.T) {
	t.Parallel()
	server, bastion := sshtest.Start(t), sshtest.Start(t)
	inputs := connection(server)["connection"].AsMap()
	inputs = inputs.Set("proxy", connection(bastion)["connection"])
	h := use(t, remoteCommand)
	check(t, h.create(values{"connection": property.New(inputs), "create": text(`set -- $SSH_CONNECTION; echo $4`)}))
	h.want("stdout", strconv.Itoa(server.Port))
	wrong := inputs.Set("hostKey", text(bastion.HostKey))
	wantError(t, h.create(values{"connection": property.New(wrong), "create": text("true")}), "host key", "127.0.0.1")
}

func TestCopy(t *testing.T) {
	t.Parallel()
	base, dir := connection(sshtest.Start(t)), t.TempDir()
	local := filepath.Join(dir, "local")
	check(t, os.MkdirAll(filepath.Join(local, "sub"), 0o755))
	check(t, os.WriteFile(filepath.Join(local, "run"), []byte("run"), 0o750))
	check(t, os.WriteFile(filepath.Join(local, "sub", "deep"), []byte("deep"), 0o600))
	check(t, os.Symlink("run", filepath.Join(local, "link")))
	check(t, os.MkdirAll(filepath.Join(dir, "there"), 0o755))
	check(t, os.WriteFile(filepath.Join(dir, "file"), []byte("old and longer"), 0o640))
	file, err := resource.NewPathAsset(filepath.Join(local, "run"))
	check(t, err)
	str, err := resource.NewTextAsset("text")
	check(t, err)
	folder, err := resource.NewPathArchive(local)
	check(t, err)
	set, err := resource.NewAssetArchive(map[string]any{"a/b": str, "c": folder})
	check(t, err)
	for name, c := range map[string]struct {
		source   property.Value
		to, want string // want is a file, or part of the error
		content  string // empty if an error is wanted
	}{
		"file to new path":             {property.New(file), "new/deep/run2", "new/deep/run2", "run"},
		"file into folder":             {property.New(file), "there", "there/run", "run"},
		"file into new folder":         {property.New(file), "made/", "made/run", "run"},
		"file over file":               {property.New(file), "file", "file", "run"},
		"string":                       {property.New(str), "s/string", "s/string", "text"},
		"string onto folder":           {property.New(str), "there", "no file name", ""},
		"folder to new path":           {property.New(folder), "f/copy", "f/copy/sub/deep", "deep"},
		"folder into folder, and link": {property.New(folder), "there", "there/local/link", "run"},
		"folder onto file":             {property.New(folder), "local/run", "existing file", ""},
		"set of assets":                {property.New(set), "set", "set/a/b", "text"},
		"set of assets, nested":        {property.New(set), "set2", "set2/c/sub/deep", "deep"},
	} {
		h := use(t, copyToRemote)
		err := h.create(with(base, values{"source": c.source, "remotePath": text(dir + "/" + c.to)}))
		if c.content == "" {
			wantError(t, err, c.want)
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got, _ := os.ReadFile(filepath.Join(dir, c.want)); string(got) != c.content {
			t.Errorf("%s: got %q", name, got)
		}
	}
	if info, err := os.Stat(filepath.Join(dir, "f/copy/run")); err != nil || info.Mode().Perm() != 0o750 {
		t.Errorf("mode of a copied file: %v, %v", info, err)
	}
	h := use(t, copyToRemote)
	check(t, h.create(with(base, values{"source": property.New(str), "remotePath": text(dir + "/u")})))
	other, err := resource.NewTextAsset("other")
	check(t, err)
	check(t, h.update(with(base, values{"source": property.New(other), "remotePath": text(dir + "/u")})))
	if got, _ := os.ReadFile(filepath.Join(dir, "u")); string(got) != "other" {
		t.Errorf("after update: %q", got)
	}
	check(t, h.delete())
}
