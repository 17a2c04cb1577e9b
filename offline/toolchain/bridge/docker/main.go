// Command pulumi-resource-docker is the Pulumi docker plugin: the kreuzwerker Terraform provider behind Pulumi's
// Terraform bridge, with the names of the official plugin.
//
// The official plugin is no Go module that can be had, but both things it is made of are. `schema --out DIR` writes
// schema.json; the plugin reads it from the folder it lies in.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfgen"
	shimv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	pulumitokens "github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/terraform-providers/terraform-provider-docker/shim"
)

const (
	pluginName = "docker"
	// pluginVersion is the version of npm's @pulumi/docker that this plugin serves.
	pluginVersion = "5.2.0"
	// maxNameLength is what Docker takes for the name of an object.
	maxNameLength = 255
)

// provider maps the Terraform provider to Pulumi's names. Most follow from the resource's name; those that npm's
// @pulumi/docker 5.x calls otherwise are given one by one.
func provider() tfbridge.ProviderInfo {
	info := tfbridge.ProviderInfo{
		P:         shimv2.NewProvider(shim.NewProvider()),
		Name:      pluginName,
		Version:   pluginVersion,
		GitHubOrg: "kreuzwerker",
		Config: map[string]*tfbridge.SchemaInfo{
			"registry_auth": {Name: "registryAuth", MaxItemsOne: tfbridge.False()},
		},
		Resources: map[string]*tfbridge.ResourceInfo{
			"docker_config": {Tok: token("ServiceConfig")},
			"docker_image":  {Tok: token("RemoteImage"), Fields: keepNames("name")},
			"docker_container": {
				Tok: token("Container"), DeleteBeforeReplace: true, Fields: keepNames("command", "networks_advanced"),
			},
		},
	}
	info.MustComputeTokens(tokens.SingleModule("docker_", "index", tokens.MakeStandard(pluginName)))
	info.SetAutonaming(maxNameLength, "-")
	return info
}

// token is the type token of a resource in the package's only module.
func token(name string) pulumitokens.Type {
	return pulumitokens.Type(fmt.Sprintf("docker:index/%s%s:%s", strings.ToLower(name[:1]), name[1:], name))
}

// keepNames keeps Terraform's fields from being made plural by the bridge.
func keepNames(fields ...string) map[string]*tfbridge.SchemaInfo {
	names := map[string]string{"name": "name", "command": "command", "networks_advanced": "networksAdvanced"}
	kept := map[string]*tfbridge.SchemaInfo{}
	for _, field := range fields {
		kept[field] = &tfbridge.SchemaInfo{Name: names[field]}
	}
	return kept
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "schema" {
		tfgen.Main(pluginName, pluginVersion, provider())
		return
	}
	schema, err := installedSchema()
	if err != nil {
		fmt.Fprintf(os.Stderr, "read the plugin's schema: %v; install the plugin again with ./farm setup\n", err)
		os.Exit(1)
	}
	tfbridge.Main(pluginName, pluginVersion, provider(), schema)
}

// installedSchema reads the schema.json that was installed beside this program: embedding it would mean to build
// the program twice.
func installedSchema() ([]byte, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(filepath.Dir(self), "schema.json"))
}
