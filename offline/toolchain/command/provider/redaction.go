package provider

import (
	"context"

	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi/sdk/v3/go/property"

	"swarm-farm/toolchain/command/internal/redact"
)

// withRedaction tells each operation which texts to keep out of its messages.
// It is done here because the framework hands plain values to the resources:
// what is secret can no longer be seen there.
func withRedaction(plugin p.Provider) p.Provider {
	inner := plugin
	plugin.Create = func(ctx context.Context, r p.CreateRequest) (p.CreateResponse, error) {
		return inner.Create(redacting(ctx, r.Properties), r)
	}
	plugin.Update = func(ctx context.Context, r p.UpdateRequest) (p.UpdateResponse, error) {
		return inner.Update(redacting(ctx, r.Inputs, r.State), r)
	}
	plugin.Delete = func(ctx context.Context, r p.DeleteRequest) error {
		return inner.Delete(redacting(ctx, r.Properties), r)
	}
	plugin.Invoke = func(ctx context.Context, r p.InvokeRequest) (p.InvokeResponse, error) {
		return inner.Invoke(redacting(ctx, r.Args), r)
	}
	return plugin
}

func redacting(ctx context.Context, properties ...property.Map) context.Context {
	var secrets, stdin []string
	for _, set := range properties {
		for name, value := range set.All {
			switch name {
			case "connection":
				// All of it is marked as secret, but its host and user belong in messages.
				secrets = append(secrets, credentials(value)...)
			case "stdin":
				stdin = append(stdin, texts(value, true)...)
				secrets = append(secrets, texts(value, false)...)
			default:
				secrets = append(secrets, texts(value, false)...)
			}
		}
	}
	// Logs may repeat a stdin that is no secret: seeing it there is their point.
	return redact.With(ctx, redact.New(append(stdin, secrets...)), redact.New(secrets))
}

func credentials(connection property.Value) (found []string) {
	if !connection.IsMap() {
		return nil
	}
	for _, name := range []string{"password", "privateKey", "privateKeyPassword"} {
		found = append(found, texts(connection.AsMap().Get(name), true)...)
	}
	return append(found, credentials(connection.AsMap().Get("proxy"))...)
}

// texts returns the strings in a value: all of them, or those marked as secret.
func texts(v property.Value, all bool) (found []string) {
	all = all || v.Secret()
	switch {
	case v.IsString() && all:
		found = append(found, v.AsString())
	case v.IsArray():
		for _, element := range v.AsArray().All {
			found = append(found, texts(element, all)...)
		}
	case v.IsMap():
		for _, element := range v.AsMap().All {
			found = append(found, texts(element, all)...)
		}
	}
	return found
}
