package provider

import (
	"context"
	"strings"

	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/property"
)

// diff compares inputs with inputs, the same for all resources: whatever is in
// triggers replaces, all else is an update in place. It stands in for the
// framework's, which marks a replacement only if triggers as a whole come or
// go, and takes a value for changed that merely became a secret.
func diff(_ context.Context, r p.DiffRequest) (p.DiffResponse, error) {
	before, after := inputs(r.OldInputs, r.IgnoreChanges), inputs(r.Inputs, r.IgnoreChanges)
	changes := plain(before).Diff(plain(after))
	response := p.DiffResponse{HasChanges: changes.AnyChanges(), DetailedDiff: map[string]p.PropertyDiff{}}
	for path, change := range plugin.NewDetailedDiffFromObjectDiff(changes, true) {
		if path == "triggers" || strings.HasPrefix(path, "triggers[") {
			change.Kind = change.Kind.AsReplace()
		}
		response.DetailedDiff[path] = p.PropertyDiff{Kind: kinds[change.Kind], InputDiff: true}
	}
	// The state holds copies of the inputs, which have to be encrypted from now
	// on. Without details the engine does not replace, and an update to the same
	// values runs nothing.
	for name, value := range after.All {
		if value.HasSecrets() && !before.Get(name).HasSecrets() {
			response.HasChanges = true
		}
	}
	return response, nil
}

var kinds = map[plugin.DiffKind]p.DiffKind{
	plugin.DiffAdd:           p.Add,
	plugin.DiffAddReplace:    p.AddReplace,
	plugin.DiffDelete:        p.Delete,
	plugin.DiffDeleteReplace: p.DeleteReplace,
	plugin.DiffUpdate:        p.Update,
	plugin.DiffUpdateReplace: p.UpdateReplace,
}

// inputs returns the properties without those of the engine and without those
// whose changes the user wants ignored.
func inputs(properties property.Map, ignored []string) property.Map {
	properties = properties.Delete(ignored...)
	for name := range properties.All {
		if name == "version" || strings.HasPrefix(name, "__") {
			properties = properties.Delete(name)
		}
	}
	return properties
}

// plain returns the properties with nothing marked as secret. Unknown values
// stay: they equal nothing a state can hold.
func plain(properties property.Map) resource.PropertyMap {
	return resource.ToResourcePropertyValue(unmark(property.New(properties))).ObjectValue()
}

func unmark(v property.Value) property.Value {
	switch {
	case v.IsArray():
		var list []property.Value
		for _, element := range v.AsArray().All {
			list = append(list, unmark(element))
		}
		return property.New(property.NewArray(list))
	case v.IsMap():
		entries := map[string]property.Value{}
		for name, element := range v.AsMap().All {
			entries[name] = unmark(element)
		}
		return property.New(property.NewMap(entries))
	}
	return v.WithSecret(false).WithDependencies(nil)
}
