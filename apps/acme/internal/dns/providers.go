// Package dns chooses one of lego's DNS providers, which prove that a domain belongs to the farm by a TXT record.
package dns

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/go-acme/lego/v5/challenge"
	"github.com/go-acme/lego/v5/providers/dns/acmedns"
	"github.com/go-acme/lego/v5/providers/dns/cloudflare"
	"github.com/go-acme/lego/v5/providers/dns/digitalocean"
	"github.com/go-acme/lego/v5/providers/dns/dnsupdate"
	"github.com/go-acme/lego/v5/providers/dns/domeneshop"
	"github.com/go-acme/lego/v5/providers/dns/duckdns"
	"github.com/go-acme/lego/v5/providers/dns/gandiv5"
	"github.com/go-acme/lego/v5/providers/dns/godaddy"
	"github.com/go-acme/lego/v5/providers/dns/hetzner"
	"github.com/go-acme/lego/v5/providers/dns/httpreq"
	"github.com/go-acme/lego/v5/providers/dns/infomaniak"
	"github.com/go-acme/lego/v5/providers/dns/inwx"
	"github.com/go-acme/lego/v5/providers/dns/ionos"
	"github.com/go-acme/lego/v5/providers/dns/namecheap"
	"github.com/go-acme/lego/v5/providers/dns/netcup"
	"github.com/go-acme/lego/v5/providers/dns/ovh"
	"github.com/go-acme/lego/v5/providers/dns/pdns"
	"github.com/go-acme/lego/v5/providers/dns/porkbun"
	"github.com/go-acme/lego/v5/providers/dns/route53"
)

type maker func() (challenge.Provider, error)

// of hides a provider's own type.
func of[P challenge.Provider](make func() (P, error)) maker {
	return func() (challenge.Provider, error) { return make() }
}

// providers are those of lego that many people use. `httpreq` and `acme-dns` lead to all others.
var providers = map[string]maker{
	"acme-dns":     of(acmedns.NewDNSProvider),
	"cloudflare":   of(cloudflare.NewDNSProvider),
	"digitalocean": of(digitalocean.NewDNSProvider),
	"dnsupdate":    of(dnsupdate.NewDNSProvider),
	"domeneshop":   of(domeneshop.NewDNSProvider),
	"duckdns":      of(duckdns.NewDNSProvider),
	"gandiv5":      of(gandiv5.NewDNSProvider),
	"godaddy":      of(godaddy.NewDNSProvider),
	"hetzner":      of(hetzner.NewDNSProvider),
	"httpreq":      of(httpreq.NewDNSProvider),
	"infomaniak":   of(infomaniak.NewDNSProvider),
	"inwx":         of(inwx.NewDNSProvider),
	"ionos":        of(ionos.NewDNSProvider),
	"namecheap":    of(namecheap.NewDNSProvider),
	"netcup":       of(netcup.NewDNSProvider),
	"ovh":          of(ovh.NewDNSProvider),
	"pdns":         of(pdns.NewDNSProvider),
	"porkbun":      of(porkbun.NewDNSProvider),
	"route53":      of(route53.NewDNSProvider),
}

// Names of the providers, sorted.
func Names() []string {
	names := make([]string, 0, len(providers))
	for name := range providers {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// New makes a provider with its settings, which are the environment variables that lego documents for it.
func New(name string, settings map[string]string) (challenge.Provider, error) {
	make, ok := providers[name]
	if !ok {
		return nil, fmt.Errorf("there is no DNS provider '%s'; providers: %s", name, strings.Join(Names(), ", "))
	}
	for key, value := range settings {
		if err := os.Setenv(key, value); err != nil {
			return nil, fmt.Errorf("the DNS provider's setting '%s' cannot be used: %w", key, err)
		}
	}
	return make()
}
