// Package remote holds the resources command:remote:Command and
// command:remote:CopyToRemote, which work on other machines over SSH.
package remote

import (
	"github.com/pulumi/pulumi-go-provider/infer"

	"swarm-farm/toolchain/command/internal/logs"
)

// Logging says which streams of a command go to the engine's log.
type Logging string

// Values lists the kinds of logging.
func (Logging) Values() []infer.EnumValue[Logging] { return logs.Values[Logging]() }

// Endpoint says how to log in to one SSH server.
type Endpoint struct {
	// Host is the server's name or address.
	Host string `pulumi:"host"`
	// Port is the server's TCP port, 22 by default.
	Port *float64 `pulumi:"port,optional"`
	// User is the account to log in to, root by default.
	User *string `pulumi:"user,optional"`
	// Password is the account's password.
	Password *string `pulumi:"password,optional" provider:"secret"`
	// PrivateKey is a key in PEM or OpenSSH form, tried before the password.
	PrivateKey *string `pulumi:"privateKey,optional" provider:"secret"`
	// PrivateKeyPassword decrypts PrivateKey.
	PrivateKeyPassword *string `pulumi:"privateKeyPassword,optional" provider:"secret"`
	// AgentSocketPath is the socket of an SSH agent; SSH_AUTH_SOCK by default.
	AgentSocketPath *string `pulumi:"agentSocketPath,optional"`
	// HostKey is the only key the server may have, as in an authorized_keys
	// file. Any key is accepted when it is unset.
	HostKey *string `pulumi:"hostKey,optional"`
	// DialErrorLimit is how many dials may fail, 10 by default, -1 for any number.
	DialErrorLimit *int `pulumi:"dialErrorLimit,optional"`
	// PerDialTimeout bounds each dial including the SSH handshake and login,
	// in seconds, 15 by default, 0 for no bound.
	PerDialTimeout *int `pulumi:"perDialTimeout,optional"`
}

// Annotate describes the fields and their defaults in the schema.
func (e *Endpoint) Annotate(a infer.Annotator) {
	a.Describe(&e.Host, "The name or address of the server.")
	a.Describe(&e.Port, "The server's port.")
	a.SetDefault(&e.Port, 22.0)
	a.Describe(&e.User, "The account to log in to.")
	a.SetDefault(&e.User, "root")
	a.Describe(&e.Password, "The password of the account.")
	a.Describe(&e.PrivateKey, "The text of a private key. It is tried before the password.")
	a.Describe(&e.PrivateKeyPassword, "The passphrase of the private key.")
	a.Describe(&e.AgentSocketPath, "The socket of an SSH agent. Defaults to SSH_AUTH_SOCK.")
	a.Describe(&e.HostKey, "The public key the server must have. Any is accepted if it is not set.")
	a.Describe(&e.DialErrorLimit, "How many dials may fail before giving up; -1 for any number.")
	a.SetDefault(&e.DialErrorLimit, 10)
	a.Describe(&e.PerDialTimeout, "Seconds for each dial, handshake and login included; 0 for no limit.")
	a.SetDefault(&e.PerDialTimeout, 15)
}

// Connection is a server and the bastion on the way to it, if there is one.
type Connection struct {
	Endpoint
	// Proxy is the bastion.
	Proxy *ProxyConnection `pulumi:"proxy,optional"`
}

// Annotate describes the fields in the schema.
func (c *Connection) Annotate(a infer.Annotator) {
	a.Describe(&c, "How to connect to a server.")
	a.Describe(&c.Proxy, "The bastion host to go through.")
}

// ProxyConnection is a bastion.
type ProxyConnection struct{ Endpoint }

// Annotate describes the type in the schema.
func (p *ProxyConnection) Annotate(a infer.Annotator) {
	a.Describe(&p, "How to connect to a bastion host.")
}
