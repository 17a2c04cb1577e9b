package remote

import (
	"context"
	"fmt"
	"slices"
	"strings"

	p "github.com/pulumi/pulumi-go-provider"
	"golang.org/x/crypto/ssh"

	"swarm-farm/toolchain/command/internal/lifecycle"
)

// setEnvironment asks the server to set the variables of a run. Servers refuse
// all but those their AcceptEnv names. That is an error for what the user set
// and for the previous output if the script needs it.
func setEnvironment(ctx context.Context, session *ssh.Session, run *lifecycle.Run) error {
	var refused []string
	for name, value := range run.Environment {
		ok, err := setVariable(session, name, value)
		if err != nil {
			return err
		}
		if !ok {
			refused = append(refused, name)
		}
	}
	if len(refused) > 0 {
		slices.Sort(refused)
		return fmt.Errorf("the server refuses the environment variables %s: name them in AcceptEnv of its "+
			"sshd_config, or write VAR=value before the command", strings.Join(refused, ", "))
	}
	for name, value := range run.Previous {
		ok := lifecycle.Fits(name, value)
		if ok {
			var err error
			if ok, err = setVariable(session, name, value); err != nil {
				return err
			}
		}
		switch {
		case ok:
		case run.Needs(name):
			return fmt.Errorf("the server refuses the environment variable %s with the previous output: "+
				"name it in AcceptEnv of its sshd_config (up to 128 KiB can be passed), "+
				"or set addPreviousOutputInEnv to false", name)
		default:
			p.GetLogger(ctx).Debugf("the server does not accept %s; the script does not name it, so it runs without", name)
		}
	}
	return nil
}

// setVariable is ssh.Session.Setenv, but tells a refusal from a broken connection.
func setVariable(session *ssh.Session, name, value string) (accepted bool, err error) {
	accepted, err = session.SendRequest("env", true, ssh.Marshal(struct{ Name, Value string }{name, value}))
	if err != nil {
		return false, fmt.Errorf("setting the environment variable %s: %w", name, err)
	}
	return accepted, nil
}
