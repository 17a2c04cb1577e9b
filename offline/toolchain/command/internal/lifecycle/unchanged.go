package lifecycle

import "context"

type unchangedKey struct{}

// WithUnchanged returns a context that says that an update brings no new
// values: it only marks some as secret, so nothing has to run.
func WithUnchanged(ctx context.Context) context.Context {
	return context.WithValue(ctx, unchangedKey{}, true)
}

// Unchanged reports whether the context comes from WithUnchanged. The resources
// cannot tell from the values they get: secrets are not marked in them, and the
// engine leaves out what is in the assets of an old state.
func Unchanged(ctx context.Context) bool {
	unchanged, _ := ctx.Value(unchangedKey{}).(bool)
	return unchanged
}
