// Package redact keeps secret inputs out of messages.
package redact

import (
	"cmp"
	"context"
	"slices"
	"strings"
)

// Mask stands where something was taken out.
const Mask = "[secret]"

// shortest is the length, in bytes, from which text is taken out. Shorter text
// would turn up in innocent words and make messages unreadable.
const shortest = 6

// Redactor takes given texts out of others. Its zero value takes out nothing.
type Redactor struct{ replacer *strings.Replacer }

// New returns a Redactor of the given texts and of every line of them, since
// programs often repeat single lines of what they were fed.
func New(texts []string) Redactor {
	var all []string
	for _, text := range texts {
		for _, part := range append(strings.Split(text, "\n"), text) {
			if part = strings.TrimSpace(part); len(part) >= shortest {
				all = append(all, part)
			}
		}
	}
	// The first match wins, and a whole is to go before its parts.
	slices.SortFunc(all, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	var pairs []string
	for _, part := range slices.Compact(all) {
		pairs = append(pairs, part, Mask)
	}
	return Redactor{strings.NewReplacer(pairs...)}
}

// Apply returns the text without what is to be taken out.
func (r Redactor) Apply(text string) string {
	if r.replacer == nil {
		return text
	}
	return r.replacer.Replace(text)
}

type key int

const (
	errorsKey key = iota
	logsKey
)

// With returns a context that carries the redactor for error messages and the
// one for the log.
func With(ctx context.Context, errors, logs Redactor) context.Context {
	return context.WithValue(context.WithValue(ctx, errorsKey, errors), logsKey, logs)
}

// Errors returns the redactor for error messages.
func Errors(ctx context.Context) Redactor {
	r, _ := ctx.Value(errorsKey).(Redactor)
	return r
}

// Logs returns the redactor for log lines.
func Logs(ctx context.Context) Redactor {
	r, _ := ctx.Value(logsKey).(Redactor)
	return r
}
