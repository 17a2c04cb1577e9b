package remote

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"net"
	"path/filepath"
	"testing"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"swarm-farm/toolchain/command/internal/sshtest"
)

func TestWrongHostKeyIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	server, other := sshtest.Start(t), sshtest.New(t)
	port, count := listen(t, func(conn net.Conn) { relay(conn, server.Port) })
	e := endpoint(server)
	e.Port = to(float64(port))
	if err := try(t, Connection{Endpoint: e}); err != nil {
		t.Fatalf("right key: %v", err)
	}
	e.HostKey = &other.HostKey
	wantError(t, try(t, Connection{Endpoint: e}), "127.0.0.1", "host key ssh-ed25519 SHA256:")
	// A key of a type the server has none of is as wrong.
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(t, err)
	public, err := ssh.NewPublicKey(&private.PublicKey)
	check(t, err)
	e.HostKey = to(string(ssh.MarshalAuthorizedKey(public)))
	wantError(t, try(t, Connection{Endpoint: e}), "another type")
	if n := count.Load(); n > 3 {
		t.Errorf("%d dials: a wrong host key was tried again", n)
	}
	e.HostKey = nil
	if err := try(t, Connection{Endpoint: e}); err != nil {
		t.Errorf("without hostKey any is accepted, got: %v", err)
	}
}

func TestProxy(t *testing.T) {
	t.Parallel()
	server, bastion := sshtest.Start(t), sshtest.Start(t)
	c := Connection{Endpoint: endpoint(server), Proxy: &ProxyConnection{endpoint(bastion)}}
	if err := try(t, c); err != nil {
		t.Fatal(err)
	}
	c.DialErrorLimit, c.Proxy.DialErrorLimit = to(1), to(1)
	server.Stop()
	wantError(t, try(t, c), "1 dials")
	bastion.Stop()
	wantError(t, try(t, c), "proxy", "connection refused")
}

func TestRefusedLoginsAreTriedAgain(t *testing.T) {
	t.Parallel()
	server, other := sshtest.Start(t), sshtest.New(t)
	e := endpoint(server)
	e.PrivateKey, e.DialErrorLimit = &other.PrivateKey, to(2)
	wantError(t, try(t, Connection{Endpoint: e}), "2 dials", "unable to authenticate")
}

func TestPasswordAndEncryptedKeyAndAgent(t *testing.T) {
	t.Parallel()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	check(t, err)
	block, err := ssh.MarshalPrivateKeyWithPassphrase(private, "", []byte("passphrase"))
	check(t, err)
	key, err := ssh.NewPublicKey(public)
	check(t, err)
	signer, err := ssh.NewSignerFromKey(private)
	check(t, err)
	config := &ssh.ServerConfig{
		PasswordCallback: func(_ ssh.ConnMetadata, got []byte) (*ssh.Permissions, error) {
			return nil, unless(string(got) == "pass word")
		},
		PublicKeyCallback: func(_ ssh.ConnMetadata, got ssh.PublicKey) (*ssh.Permissions, error) {
			return nil, unless(string(got.Marshal()) == string(key.Marshal()))
		},
	}
	config.AddHostKey(signer)
	port, _ := listen(t, func(conn net.Conn) { _, _, _, _ = ssh.NewServerConn(conn, config) })
	keys := agent.NewKeyring()
	check(t, keys.Add(agent.AddedKey{PrivateKey: private}))
	socket := filepath.Join(t.TempDir(), "agent")
	listener, err := net.Listen("unix", socket)
	check(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for conn, err := listener.Accept(); err == nil; conn, err = listener.Accept() {
			go func() { _ = agent.ServeAgent(keys, conn) }()
		}
	}()
	server := Endpoint{Host: "127.0.0.1", Port: to(float64(port)), DialErrorLimit: to(1)}
	encrypted := string(pem.EncodeToMemory(block))
	for name, change := range map[string]func(*Endpoint){
		"password":      func(e *Endpoint) { e.Password = to("pass word") },
		"encrypted key": func(e *Endpoint) { e.PrivateKey, e.PrivateKeyPassword = &encrypted, to("passphrase") },
		"agent":         func(e *Endpoint) { e.AgentSocketPath = &socket },
	} {
		e := server
		change(&e)
		if err := try(t, Connection{Endpoint: e}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	e := server
	e.PrivateKey = &encrypted
	wantError(t, try(t, Connection{Endpoint: e}), "set privateKeyPassword")
}

func unless(right bool) error {
	if right {
		return nil
	}
	return errors.New("no")
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
