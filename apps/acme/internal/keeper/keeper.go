// Package keeper holds a certificate that is valid: it obtains one, renews it in time, and tries again when that fails.
package keeper

import (
	"context"
	"strings"
	"sync"
	"time"

	"swarm-farm/apps/acme/internal/certificate"
	"swarm-farm/apps/acme/internal/directory"
)

const (
	// look is how often the clock and the balancers are looked at while nothing is due.
	look = time.Hour
	// quiet is the pause while no balancer answers, and silence how long that may last: on a farm that starts they come after this task.
	quiet   = 10 * time.Second
	silence = 3 * time.Minute
	// mostError is the length of an error in the status.
	mostError = 600
)

// Directory obtains certificates.
type Directory interface {
	Obtain(ctx context.Context, request certificate.Request) (certificate.Chain, error)
}

// Balancers have the newest certificate of any task before.
type Balancers interface {
	Newest(ctx context.Context, request certificate.Request) (newest certificate.Chain, answers int)
}

// Status is what `./farm up` and `doctor` read from the log.
type Status struct {
	// At is when this was written.
	At time.Time `json:"at"`
	// Ends is when the certificate ends; nil without one.
	Ends *time.Time `json:"ends,omitempty"`
	// Failing is when the first of the failures in a row was; nil where the last attempt succeeded.
	Failing *time.Time `json:"failing,omitempty"`
	// Error of the last attempt.
	Error string `json:"error,omitempty"`
	// Next is when it tries again after a failure.
	Next *time.Time `json:"next,omitempty"`
}

// Keeper holds the certificate of one request.
type Keeper struct {
	Request   certificate.Request
	Directory Directory
	Balancers Balancers
	// Report receives the status whenever it may have changed.
	Report func(Status)
	// Now and Sleep are a clock. Sleep returns early when the context ends.
	Now   func() time.Time
	Sleep func(ctx context.Context, duration time.Duration)

	mutex    sync.Mutex
	current  certificate.Chain
	failures int
	failing  time.Time
	silent   time.Duration
}

// Current is the certificate; nil while there is none.
func (k *Keeper) Current() certificate.Chain {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	return k.current
}

// Run keeps the certificate until the context ends.
func (k *Keeper) Run(ctx context.Context) {
	for ctx.Err() == nil {
		k.Sleep(ctx, k.step(ctx))
	}
}

// step does what is due, and returns how long nothing will be.
func (k *Keeper) step(ctx context.Context) time.Duration {
	served, answers := k.Balancers.Newest(ctx, k.Request)
	if served.Newer(k.Current()) {
		k.set(served)
	}
	current := k.Current()
	if current != nil {
		if left := current.Due().Sub(k.Now()); left > 0 {
			k.succeeded()
			return min(left, look)
		}
	}
	if current == nil && answers == 0 && k.silent < silence {
		k.silent += quiet
		return quiet
	}
	obtained, err := k.Directory.Obtain(ctx, k.Request)
	if ctx.Err() != nil {
		return 0
	}
	if err != nil {
		return k.failed(err)
	}
	k.set(obtained)
	k.succeeded()
	// A directory whose certificates are due at once is not asked in a loop.
	return max(shortest, min(obtained.Due().Sub(k.Now()), look))
}

func (k *Keeper) set(chain certificate.Chain) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	k.current = chain
}

func (k *Keeper) succeeded() {
	k.failures = 0
	k.Report(Status{At: k.Now(), Ends: k.ends()})
}

func (k *Keeper) failed(err error) time.Duration {
	if k.failures == 0 {
		k.failing = k.Now()
	}
	k.failures++
	wait := pause(k.failures, directory.RetryAfter(err))
	now, failing := k.Now(), k.failing
	next := now.Add(wait)
	k.Report(Status{At: now, Ends: k.ends(), Failing: &failing, Error: oneLine(err), Next: &next})
	return wait
}

func (k *Keeper) ends() *time.Time {
	current := k.Current()
	if current == nil {
		return nil
	}
	ends := current.Ends()
	return &ends
}

func oneLine(err error) string {
	text := strings.Join(strings.Fields(err.Error()), " ")
	if len(text) > mostError {
		return text[:mostError] + "…"
	}
	return text
}
