package fake

import (
	"context"
	"net"
	"sync"
	"testing"

	"github.com/go-acme/lego/v5/challenge/dns01"
	"github.com/miekg/dns"
)

// Names is a name server: every name is at one address, and TXT records are those of DNS-01.
type Names struct {
	// Address is where it listens, by TCP and UDP.
	Address string

	to      net.IP
	mutex   sync.Mutex
	records map[string][]string
}

// StartNames listens on a port of an address of this machine; every name is at another.
func StartNames(address string, to net.IP) (names *Names, stop func(), err error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, nil, err
	}
	packets, err := net.ListenPacket("udp", listener.Addr().String())
	if err != nil {
		_ = listener.Close()
		return nil, nil, err
	}
	names = &Names{Address: listener.Addr().String(), to: to, records: map[string][]string{}}
	go func() { _ = (&dns.Server{Listener: listener, Handler: names}).ActivateAndServe() }()
	go func() { _ = (&dns.Server{PacketConn: packets, Handler: names}).ActivateAndServe() }()
	return names, func() {
		_ = listener.Close()
		_ = packets.Close()
	}, nil
}

func startNames(t *testing.T) *Names {
	t.Helper()
	names, stop, err := StartNames("127.0.0.1:0", net.IPv4(127, 0, 0, 1))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return names
}

// ServeDNS answers one question.
func (n *Names) ServeDNS(writer dns.ResponseWriter, question *dns.Msg) {
	answer := new(dns.Msg)
	answer.SetReply(question)
	for _, asked := range question.Question {
		header := dns.RR_Header{Name: asked.Name, Rrtype: asked.Qtype, Class: dns.ClassINET, Ttl: 0}
		switch asked.Qtype {
		case dns.TypeA:
			answer.Answer = append(answer.Answer, &dns.A{Hdr: header, A: n.to})
		case dns.TypeTXT:
			n.mutex.Lock()
			for _, value := range n.records[asked.Name] {
				answer.Answer = append(answer.Answer, &dns.TXT{Hdr: header, Txt: []string{value}})
			}
			n.mutex.Unlock()
		}
	}
	_ = writer.WriteMsg(answer)
}

// Present is that of a DNS provider of lego.
func (n *Names) Present(ctx context.Context, domain, _, keyAuth string) error {
	info := dns01.GetChallengeInfo(ctx, domain, keyAuth)
	n.mutex.Lock()
	defer n.mutex.Unlock()
	n.records[info.EffectiveFQDN] = append(n.records[info.EffectiveFQDN], info.Value)
	return nil
}

// CleanUp removes a domain's records.
func (n *Names) CleanUp(ctx context.Context, domain, _, keyAuth string) error {
	info := dns01.GetChallengeInfo(ctx, domain, keyAuth)
	n.mutex.Lock()
	defer n.mutex.Unlock()
	delete(n.records, info.EffectiveFQDN)
	return nil
}

// Left counts the names that still have records.
func (n *Names) Left() int {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	return len(n.records)
}
