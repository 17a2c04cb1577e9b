// Package sshtest runs OpenSSH servers for tests, on loopback and under the
// tests' own user.
package sshtest

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

const program = "/usr/sbin/sshd"

// Server is an sshd and what it takes to log in to it.
type Server struct {
	// Port is the TCP port on 127.0.0.1.
	Port int
	// User is the account to log in to.
	User string
	// HostKey is the public host key, an ed25519 one.
	HostKey string
	// PrivateKey is a key the account accepts.
	PrivateKey string

	config string
	log    string
	cmd    *exec.Cmd
}

// New prepares a server but does not start it; settings are further lines of
// its sshd_config. It skips the test where there is no sshd.
func New(t testing.TB, settings ...string) *Server {
	t.Helper()
	if _, err := os.Stat(program); err != nil {
		t.Skipf("no %s: install openssh-server", program)
	}
	dir := t.TempDir()
	host, login := filepath.Join(dir, "host"), filepath.Join(dir, "login")
	for _, key := range []string{host, login} {
		out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key).CombinedOutput()
		must(t, err, string(out))
	}
	me, err := user.Current()
	must(t, err, "current user")
	if me.Uid == "0" {
		// Run by root, sshd insists on its folder, which packages make at boot.
		must(t, os.MkdirAll("/run/sshd", 0o755), "/run/sshd")
	}
	s := &Server{Port: FreePort(t), User: me.Username, config: filepath.Join(dir, "sshd_config")}
	s.log = filepath.Join(dir, "log")
	s.HostKey, s.PrivateKey = read(t, host+".pub"), read(t, login)
	lines := append([]string{
		fmt.Sprintf("ListenAddress 127.0.0.1:%d", s.Port),
		"HostKey " + host,
		"AuthorizedKeysFile " + login + ".pub",
		"PidFile none",
		"StrictModes no",
		"PermitRootLogin yes",
		"PasswordAuthentication no",
		"KbdInteractiveAuthentication no",
		"MaxStartups 100",
		"Subsystem sftp internal-sftp",
	}, settings...)
	must(t, os.WriteFile(s.config, []byte(strings.Join(lines, "\n")+"\n"), 0o600), "sshd_config")
	return s
}

// Start returns a server that runs until the test ends.
func Start(t testing.TB, settings ...string) *Server {
	t.Helper()
	s := New(t, settings...)
	s.Start(t)
	return s
}

// Start starts the server and waits until it listens.
func (s *Server) Start(t testing.TB) {
	t.Helper()
	// Logs to a file: a pipe would stay open in the processes of connections, and
	// Stop would wait for them.
	s.cmd = exec.Command(program, "-D", "-E", s.log, "-f", s.config)
	must(t, s.cmd.Start(), "starting sshd")
	t.Cleanup(s.Stop)
	Wait(t, "sshd to listen", func() bool {
		log, _ := os.ReadFile(s.log)
		return strings.Contains(string(log), "Server listening")
	})
}

// Stop ends the server; connections that are open stay.
func (s *Server) Stop() {
	if s.cmd != nil {
		_ = s.cmd.Process.Signal(syscall.SIGTERM)
		_ = s.cmd.Wait()
		s.cmd = nil
	}
}

// FreePort returns a TCP port of 127.0.0.1 that nobody listened on just now.
func FreePort(t testing.TB) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err, "finding a free port")
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

// Wait waits until a condition holds and fails the test after 20 seconds.
func Wait(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

func read(t testing.TB, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	must(t, err, path)
	return string(text)
}

func must(t testing.TB, err error, what string) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}
