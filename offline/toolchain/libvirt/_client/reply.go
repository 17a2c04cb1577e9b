package libvirt

import (
	"io"

	"github.com/digitalocean/go-libvirt/socket"
)

// getReply waits for the reply to a request. Of a download libvirtd begins to send data before the worker that has the request
// replies, so data and their end may come first.
//
// in is where data go, nil for a request without. ended is whether they have all come.
func (l *Libvirt) getReply(c chan response, in io.Writer) (reply response, ended bool, err error) {
	for {
		reply, err = l.getResponse(c)
		if err != nil || in == nil || reply.Status != socket.StatusContinue {
			return reply, ended, err
		}
		ended = len(reply.Payload) == 0
		if _, err = in.Write(reply.Payload); err != nil {
			return response{}, ended, err
		}
	}
}
