package metrics_test

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"
	"testing/quick"
	"unicode/utf8"

	"swarm-farm/apps/exporter/internal/metrics"
)

func page(t *testing.T, sample metrics.Sample) []string {
	t.Helper()
	var out strings.Builder
	family := metrics.Family{Name: "a", Help: "A.", Kind: metrics.Gauge, Samples: []metrics.Sample{sample}}
	if err := metrics.Write(&out, []metrics.Family{family}); err != nil {
		t.Fatal(err)
	}
	return strings.Split(out.String(), "\n")
}

func TestAnyLabelIsOneLineThatReadsBack(t *testing.T) {
	holds := func(value string) bool {
		lines := page(t, metrics.Sample{Labels: []metrics.Label{{Name: "l", Value: value}}})
		if len(lines) != 4 || !utf8.ValidString(lines[2]) {
			return false
		}
		quoted, ok := strings.CutPrefix(lines[2], `a{l="`)
		quoted, ends := strings.CutSuffix(quoted, `"} 0`)
		read := strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\"`, `"`).Replace(quoted)
		return ok && ends && read == strings.ToValidUTF8(value, "\uFFFD")
	}
	if err := quick.Check(holds, nil); err != nil {
		t.Error(err)
	}
	for _, value := range []string{`\n`, "\\\n\"", `"} 1` + "\nb 2", "\xff\xfe", ""} {
		if !holds(value) {
			t.Errorf("%q is not read back", value)
		}
	}
}

func TestAnyNumberReadsBack(t *testing.T) {
	holds := func(value float64) bool {
		read, err := strconv.ParseFloat(strings.TrimPrefix(page(t, metrics.Sample{Value: value})[2], "a "), 64)
		return err == nil && (read == value || math.IsNaN(read) && math.IsNaN(value))
	}
	if err := quick.Check(holds, nil); err != nil {
		t.Error(err)
	}
	for _, value := range []float64{math.Inf(1), math.Inf(-1), math.NaN(), math.MaxUint64, 0} {
		if !holds(value) {
			t.Errorf("%v is not read back", value)
		}
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("the scrape was given up") }

func TestAScrapeThatIsGivenUpIsReported(t *testing.T) {
	families := []metrics.Family{{Name: "a", Samples: []metrics.Sample{{Value: 1}}}}
	if err := metrics.Write(broken{}, families); err == nil {
		t.Error("it counts as written")
	}
}
