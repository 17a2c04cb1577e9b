package keeper

import (
	"context"
	"crypto"
	"errors"
	"testing"
	"time"

	"github.com/go-acme/lego/v5/acme"

	"swarm-farm/apps/acme/fake"
	"swarm-farm/apps/acme/internal/certificate"
)

const day = 24 * time.Hour

// world is a clock, a directory and balancers in memory.
type world struct {
	t        *testing.T
	now      time.Time
	key      crypto.Signer
	request  certificate.Request
	lifetime time.Duration
	err      error
	ordered  int
	served   certificate.Chain
	answers  int
	reported []Status
}

func (w *world) Obtain(context.Context, certificate.Request) (certificate.Chain, error) {
	w.ordered++
	if w.err != nil {
		return nil, w.err
	}
	return w.issued(w.now, w.lifetime), nil
}

func (w *world) Newest(context.Context, certificate.Request) (certificate.Chain, int) {
	return w.served, w.answers
}

func (w *world) issued(from time.Time, lifetime time.Duration) certificate.Chain {
	return fake.Issue(w.t, w.key, from, from.Add(lifetime), "a.example")
}

func (w *world) last() Status { return w.reported[len(w.reported)-1] }

func start(t *testing.T) (*world, *Keeper) {
	request, key := fake.Request(t, "a.example")
	// A certificate's times are whole seconds.
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	w := &world{t: t, now: now, key: key, request: request, lifetime: 90 * day, answers: 3}
	return w, &Keeper{
		Request:   request,
		Directory: w,
		Balancers: w,
		Report:    func(status Status) { w.reported = append(w.reported, status) },
		Now:       func() time.Time { return w.now },
		Sleep:     func(context.Context, time.Duration) {},
	}
}

// pass lets time pass as Run does, for so long.
func (w *world) pass(k *Keeper, duration time.Duration) {
	for end := w.now.Add(duration); w.now.Before(end); {
		w.now = w.now.Add(k.step(context.Background()))
	}
}

func TestOneCertificateIsObtainedAndRenewed30DaysBeforeItsEnd(t *testing.T) {
	w, k := start(t)
	w.pass(k, 59*day)
	if w.ordered != 1 || w.last().Error != "" {
		t.Fatalf("%d orders, %+v", w.ordered, w.last())
	}
	first := *w.last().Ends
	w.pass(k, 2*day)
	if w.ordered != 2 || !w.last().Ends.After(first) {
		t.Errorf("%d orders, ends %v", w.ordered, w.last().Ends)
	}
}

func TestShortCertificatesAreRenewedAfterTwoThirds(t *testing.T) {
	w, k := start(t)
	w.lifetime = 6 * day
	w.pass(k, 40*day)
	if w.ordered != 10 {
		t.Errorf("%d orders in 40 days", w.ordered)
	}
}

func TestADirectoryThatIsAwayForAMonthTakesNothingAway(t *testing.T) {
	w, k := start(t)
	w.pass(k, day)
	first := k.Current()
	w.err = errors.New("connection refused\n\tby 192.0.2.1")
	w.pass(k, 85*day)
	if !k.Current()[0].Equal(first[0]) {
		t.Error("the certificate is gone")
	}
	status := w.last()
	if status.Error != "connection refused by 192.0.2.1" || !status.Next.After(w.now.Add(-time.Hour)) {
		t.Errorf("%+v", status)
	}
	if left := status.Ends.Sub(*status.Failing); left < 29*day || left > 30*day {
		t.Errorf("it began to fail %v before the end", left)
	}
	if w.ordered < 80 || w.ordered > 130 {
		t.Errorf("%d attempts in 26 days", w.ordered)
	}
	w.err = nil
	w.pass(k, 7*time.Hour)
	if w.last().Error != "" || w.last().Failing != nil || k.Current()[0].Equal(first[0]) {
		t.Errorf("after the fault: %+v", w.last())
	}
}

func TestFiveAttemptsInTheFirstHour(t *testing.T) {
	w, k := start(t)
	w.err = errors.New("unauthorized")
	w.pass(k, time.Hour)
	if w.ordered != 5 {
		t.Errorf("%d attempts in an hour", w.ordered)
	}
}

func TestADirectorysRetryAfterIsWaitedForButNotForDays(t *testing.T) {
	w, k := start(t)
	for asked, most := range map[time.Duration]time.Duration{12 * time.Hour: 14 * time.Hour, 1000 * day: 27 * time.Hour} {
		w.err = &acme.RateLimitedError{ProblemDetails: &acme.ProblemDetails{}, RetryAfter: asked}
		if wait := k.step(context.Background()); wait < min(asked, day) || wait > most {
			t.Errorf("asked for %v it waits %v", asked, wait)
		}
	}
}

func TestAMovedTaskTakesTheCertificateThatTheBalancersHave(t *testing.T) {
	w, k := start(t)
	w.served = w.issued(w.now.Add(-20*day), 90*day)
	w.pass(k, 39*day)
	if w.ordered != 0 || !k.Current()[0].Equal(w.served[0]) {
		t.Errorf("%d orders", w.ordered)
	}
}

func TestOfTwoTasksTheOneWithTheOlderCertificateTakesTheNewer(t *testing.T) {
	w, k := start(t)
	w.pass(k, day)
	w.served = w.issued(w.now, 90*day)
	w.pass(k, 2*time.Hour)
	if w.ordered != 1 || !k.Current()[0].Equal(w.served[0]) {
		t.Error("each has its own")
	}
	w.served = w.issued(w.now.Add(-50*day), 90*day)
	w.pass(k, 2*time.Hour)
	if k.Current()[0].Equal(w.served[0]) {
		t.Error("it took an older one")
	}
}

func TestWhileNoBalancerAnswersItWaitsButNotForever(t *testing.T) {
	w, k := start(t)
	w.answers = 0
	w.pass(k, 2*time.Minute)
	if w.ordered != 0 {
		t.Errorf("%d orders before a balancer answered", w.ordered)
	}
	w.pass(k, 2*time.Minute)
	if w.ordered != 1 {
		t.Errorf("%d orders after silence", w.ordered)
	}
}

func TestACertificateThatIsDueAtOnceIsNotOrderedInALoop(t *testing.T) {
	w, k := start(t)
	w.lifetime = 3 * time.Second
	w.pass(k, 10*time.Minute)
	if w.ordered > 5 {
		t.Errorf("%d orders in ten minutes", w.ordered)
	}
}

func TestItEndsWithItsContextAndAnInterruptedAttemptIsNoFailure(t *testing.T) {
	w, k := start(t)
	ctx, cancel := context.WithCancel(context.Background())
	w.err = context.Canceled
	k.Sleep = func(context.Context, time.Duration) { t.Error("it sleeps") }
	cancel()
	k.Run(ctx)
	if k.step(ctx) != 0 || len(w.reported) != 0 {
		t.Errorf("%+v", w.reported)
	}
}

func TestALongErrorIsCut(t *testing.T) {
	long := make([]byte, 5000)
	for i := range long {
		long[i] = 'x'
	}
	if text := oneLine(errors.New(string(long))); len(text) > mostError+5 {
		t.Errorf("%d characters", len(text))
	}
}
