package dns

import (
	"os"
	"slices"
	"strings"
	"testing"
)

func TestASettingIsTheVariableThatTheProviderReads(t *testing.T) {
	t.Setenv("CLOUDFLARE_DNS_API_TOKEN", "")
	provider, err := New("cloudflare", map[string]string{"CLOUDFLARE_DNS_API_TOKEN": "secret"})
	if err != nil || provider == nil || os.Getenv("CLOUDFLARE_DNS_API_TOKEN") != "secret" {
		t.Errorf("%v, %v", provider, err)
	}
}

func TestMissingCredentialsAreNamedWithoutThoseThatAreThere(t *testing.T) {
	t.Setenv("NETCUP_CUSTOMER_NUMBER", "")
	_, err := New("netcup", map[string]string{"NETCUP_API_KEY": "topsecret"})
	if err == nil || !strings.Contains(err.Error(), "NETCUP_CUSTOMER_NUMBER") || strings.Contains(err.Error(), "topsecret") {
		t.Errorf("%v", err)
	}
}

func TestAnUnknownProviderIsRefusedWithTheKnownOnes(t *testing.T) {
	_, err := New("nobody", nil)
	if err == nil || !strings.Contains(err.Error(), "'nobody'; providers: acme-dns, cloudflare, ") {
		t.Errorf("%v", err)
	}
}

func TestEveryProviderIsMadeOrSaysWhatItNeeds(t *testing.T) {
	if !slices.IsSorted(Names()) || len(Names()) < 15 {
		t.Errorf("%v", Names())
	}
	for _, name := range Names() {
		if _, err := New(name, nil); err != nil && len(err.Error()) < 10 {
			t.Errorf("%s: %v", name, err)
		}
	}
}
