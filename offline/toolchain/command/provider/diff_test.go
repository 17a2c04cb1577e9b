package provider

import (
	"testing"

	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/property"
)

func TestDiff(t *testing.T) {
	asset := func(content string) property.Value {
		a, err := resource.NewTextAsset(content)
		check(t, err)
		return property.New(a)
	}
	unknown := property.New(property.Computed)
	deep := func(v property.Value) property.Value {
		return list(text("same"), property.New(values{"in": list(v)}))
	}
	for name, c := range map[string]struct {
		before, after values
		change        string // "", "update" or "replace"
	}{
		"same":                      {values{"create": text("a")}, values{"create": text("a")}, ""},
		"script":                    {values{"create": text("a")}, values{"create": text("b")}, "update"},
		"delete script added":       {values{}, values{"delete": text("b")}, "update"},
		"stdin removed":             {values{"stdin": text("a")}, values{}, "update"},
		"stdin unknown":             {values{"stdin": text("a")}, values{"stdin": unknown}, "update"},
		"stdin now secret":          {values{"stdin": text("a")}, values{"stdin": secret(text("a"))}, "update"},
		"stdin secret both times":   {values{"stdin": secret(text("a"))}, values{"stdin": secret(text("a"))}, ""},
		"source":                    {values{"source": asset("a")}, values{"source": asset("b")}, "update"},
		"triggers added":            {values{}, values{"triggers": list(text("a"))}, "replace"},
		"triggers removed":          {values{"triggers": list(text("a"))}, values{}, "replace"},
		"trigger appended":          {values{"triggers": list(text("a"))}, values{"triggers": list(text("a"), text("b"))}, "replace"},
		"trigger same":              {values{"triggers": deep(text("a"))}, values{"triggers": deep(text("a"))}, ""},
		"trigger deep":              {values{"triggers": deep(text("a"))}, values{"triggers": deep(text("b"))}, "replace"},
		"trigger deep type":         {values{"triggers": deep(text("1"))}, values{"triggers": deep(property.New(1.0))}, "replace"},
		"trigger deep unknown":      {values{"triggers": deep(text("a"))}, values{"triggers": deep(unknown)}, "replace"},
		"triggers all unknown":      {values{"triggers": deep(text("a"))}, values{"triggers": unknown}, "replace"},
		"trigger secret same":       {values{"triggers": deep(secret(text("a")))}, values{"triggers": deep(secret(text("a")))}, ""},
		"trigger secret other":      {values{"triggers": deep(secret(text("a")))}, values{"triggers": deep(secret(text("b")))}, "replace"},
		"trigger now secret":        {values{"triggers": deep(text("a"))}, values{"triggers": secret(deep(text("a")))}, "update"},
		"trigger asset same":        {values{"triggers": list(asset("a"))}, values{"triggers": list(asset("a"))}, ""},
		"trigger asset other":       {values{"triggers": list(asset("a"))}, values{"triggers": list(asset("b"))}, "replace"},
		"engine's version property": {values{"version": text("1")}, values{"__defaults": list()}, ""},
	} {
		h := use(t, remoteCommand)
		response, err := h.server.Diff(p.DiffRequest{
			Urn: h.urn, ID: "id", OldInputs: property.NewMap(c.before), Inputs: property.NewMap(c.after),
		})
		check(t, err)
		got := ""
		if response.HasChanges {
			got = "update"
		}
		for _, change := range response.DetailedDiff {
			if change.Kind == p.AddReplace || change.Kind == p.DeleteReplace || change.Kind == p.UpdateReplace {
				got = "replace"
			}
		}
		if got != c.change {
			t.Errorf("%s: got %q, want %q (%v)", name, got, c.change, response.DetailedDiff)
		}
	}
}

func TestSecretOnlyUpdateRunsNothing(t *testing.T) {
	trace := t.TempDir() + "/trace"
	h := use(t, localCommand)
	inputs := values{"create": text("echo x | tee -a " + trace), "stdin": text("a")}
	check(t, h.create(inputs))
	check(t, h.update(with(inputs, values{"stdin": secret(text("a"))})))
	h.want("stdout", "x")
	if !h.state.Get("stdin").Secret() {
		t.Error("the state's stdin should be secret now")
	}
	check(t, h.update(with(inputs, values{"stdin": secret(text("b")), "create": text("cat " + trace)})))
	h.want("stdout", "x")
}
