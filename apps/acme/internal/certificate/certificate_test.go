package certificate_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"swarm-farm/apps/acme/fake"
	"swarm-farm/apps/acme/internal/certificate"
)

const day = 24 * time.Hour

var from = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)

func TestItAnswersARequestWithTheSameKeyAndNamesAlone(t *testing.T) {
	request, key := fake.Request(t, "a.example", "b.example")
	_, other := fake.Request(t, "a.example")
	for what, one := range map[string]struct {
		chain certificate.Chain
		want  bool
	}{
		"the same":      {fake.Issue(t, key, from, from.Add(day), "a.example", "b.example"), true},
		"another order": {fake.Issue(t, key, from, from.Add(day), "b.example", "a.example"), true},
		"one name less": {fake.Issue(t, key, from, from.Add(day), "a.example"), false},
		"one name more": {fake.Issue(t, key, from, from.Add(day), "a.example", "b.example", "c.example"), false},
		"another key":   {fake.Issue(t, other, from, from.Add(day), "a.example", "b.example"), false},
		"none":          {nil, false},
	} {
		if one.chain.Answers(request) != one.want {
			t.Errorf("%s: %v", what, !one.want)
		}
	}
}

func TestItIsDue30DaysBeforeItsEndOrAThirdOfItsLifetime(t *testing.T) {
	_, key := fake.Request(t, "a.example")
	for lifetime, due := range map[time.Duration]time.Duration{
		398 * day: 368 * day,
		90 * day:  60 * day,
		45 * day:  30 * day,
		6 * day:   4 * day,
	} {
		chain := fake.Issue(t, key, from, from.Add(lifetime), "a.example")
		if got := chain.Due().Sub(from); got != due {
			t.Errorf("of %v days it is due after %v", lifetime/day, got/day)
		}
		if !chain.Ends().Equal(from.Add(lifetime)) {
			t.Errorf("it ends %v", chain.Ends())
		}
	}
}

func TestTheNewerWasIssuedLater(t *testing.T) {
	_, key := fake.Request(t, "a.example")
	old := fake.Issue(t, key, from, from.Add(90*day), "a.example")
	short := fake.Issue(t, key, from.Add(day), from.Add(7*day), "a.example")
	if !short.Newer(old) || old.Newer(short) || old.Newer(old) {
		t.Error("not by the day of issue")
	}
	if !old.Newer(nil) || certificate.Chain(nil).Newer(old) || certificate.Chain(nil).Newer(nil) {
		t.Error("any is newer than none")
	}
}

func TestAChainIsReadAsItIsWritten(t *testing.T) {
	_, key := fake.Request(t, "a.example")
	chain := append(fake.Issue(t, key, from, from.Add(day), "a.example"), fake.Issue(t, key, from, from.Add(day))...)
	read, err := certificate.Parse(chain.PEM())
	if err != nil || len(read) != 2 || !read[0].Equal(chain[0]) || !read[1].Equal(chain[1]) {
		t.Errorf("%v, %v", read, err)
	}
	for _, text := range []string{"", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"} {
		if _, err := certificate.Parse([]byte(text)); err == nil {
			t.Errorf("'%s' is a chain", text)
		}
	}
}

func TestAFileWithoutARequestIsNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "request.pem")
	if _, err := certificate.ReadRequest(path); err == nil {
		t.Error("a file that is not there was read")
	}
	for _, text := range []string{"junk", "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := certificate.ReadRequest(path); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("'%s': %v", text, err)
		}
	}
}
