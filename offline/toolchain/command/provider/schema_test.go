package provider

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

// npmPackage is where the repository has the npm package, from this folder.
const npmPackage = "../../../node_modules/@pulumi/command"

func readSchema(t *testing.T) (spec schema.PackageSpec) {
	t.Helper()
	response, err := use(t, localCommand).server.GetSchema(p.GetSchemaRequest{})
	check(t, err)
	check(t, json.Unmarshal([]byte(response.Schema), &spec))
	return spec
}

func TestSchemaMarks(t *testing.T) {
	spec := readSchema(t)
	for token, r := range spec.Resources {
		for name, input := range r.InputProperties {
			if input.ReplaceOnChanges != (name == "triggers") {
				t.Errorf("%s %s: replaceOnChanges is %v", token, name, input.ReplaceOnChanges)
			}
			if input.Secret != (name == "connection") {
				t.Errorf("%s %s: secret is %v", token, name, input.Secret)
			}
			if input.Description == "" {
				t.Errorf("%s %s has no description", token, name)
			}
		}
	}
	defaults := spec.Types["command:remote:Connection"].Properties
	for name, want := range map[string]any{"port": 22.0, "user": "root", "dialErrorLimit": 10.0, "perDialTimeout": 15.0} {
		if got := defaults[name].Default; got != want {
			t.Errorf("default of %s: %v", name, got)
		}
	}
}

// TestSchemaHasTheNamesOfNpm compares the names with those in the package's
// type declarations.
func TestSchemaHasTheNamesOfNpm(t *testing.T) {
	if !exists(npmPackage) {
		t.Skipf("%s is not there: run npm ci in the repository's root", npmPackage)
	}
	spec := readSchema(t)
	same := func(file, declaration string, ours map[string]schema.PropertySpec) {
		t.Helper()
		got, want := slices.Sorted(maps.Keys(ours)), declared(t, file, declaration)
		if len(want) == 0 || !slices.Equal(got, want) {
			t.Errorf("%s: ours %v, npm's %v", declaration, got, want)
		}
	}
	for file, token := range map[string]string{
		"local/command": localCommand, "remote/command": remoteCommand, "remote/copyToRemote": copyToRemote,
	} {
		class := token[len(token)-len(filepath.Base(file)):]
		same(file, "interface "+class+"Args", spec.Resources[token].InputProperties)
		same(file, "class "+class+" ", spec.Resources[token].Properties)
	}
	run := spec.Functions["command:local:run"]
	same("local/run", "interface RunArgs", run.Inputs.Properties)
	same("local/run", "interface RunResult", run.ReturnType.ObjectTypeSpec.Properties)
	same("types/input", "interface ConnectionArgs", spec.Types["command:remote:Connection"].Properties)
	same("types/input", "interface ProxyConnectionArgs", spec.Types["command:remote:ProxyConnection"].Properties)
}

// declared returns the sorted property names of a declaration, up to the brace
// that closes it with the same indentation.
func declared(t *testing.T, file, declaration string) (names []string) {
	t.Helper()
	source, err := os.ReadFile(filepath.Join(npmPackage, file+".d.ts"))
	check(t, err)
	head := regexp.MustCompile(`(?m)^( *)[a-z ]*` + declaration + `.*\{$`).FindSubmatchIndex(source)
	if head == nil {
		t.Fatalf("%s: no %s", file, declaration)
	}
	indent, body := string(source[head[2]:head[3]]), source[head[1]:]
	if end := regexp.MustCompile(`(?m)^` + indent + `\}$`).FindIndex(body); end != nil {
		body = body[:end[0]]
	}
	for _, match := range regexp.MustCompile(`(?m)^`+indent+`    (?:readonly )?(\w+)\??:`).FindAllSubmatch(body, -1) {
		names = append(names, string(match[1]))
	}
	slices.Sort(names)
	return names
}
