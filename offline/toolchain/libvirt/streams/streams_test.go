// Package streams tests what changes.json changes of go-libvirt, the client of the libvirt provider: `go test -modfile` with the
// copy that is changed. Without the changes the tests fail.
package streams

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/digitalocean/go-libvirt"
)

// Of libvirt's protocol: a procedure (remote_protocol.x), types and states of packets, and the length of what is before a
// packet's content (virnetprotocol.x).
const (
	downloadVolume = 209

	reply  = 1
	stream = 3

	done   = 0
	failed = 1
	goesOn = 2

	before = 28
)

// deadline is how long a test waits for an answer that takes microseconds.
const deadline = 10 * time.Second

// header is that of a packet of libvirt's protocol, behind its length.
type header struct {
	Program, Version, Procedure, Type, Serial, State uint32
}

// server is a libvirtd at the other end of a pipe. It answers a stream's packets and downloads as a test says, other requests with zeros.
type server struct {
	conn       net.Conn
	onStream   func(s *server, h header)
	onDownload func(s *server, h header)
}

func (s *server) Dial() (net.Conn, error) {
	client, conn := net.Pipe()
	s.conn = conn
	go s.serve()
	return client, nil
}

func (s *server) serve() {
	for {
		var length uint32
		var h header
		if binary.Read(s.conn, binary.BigEndian, &length) != nil || binary.Read(s.conn, binary.BigEndian, &h) != nil {
			return
		}
		if _, err := io.CopyN(io.Discard, s.conn, int64(length)-before); err != nil {
			return
		}
		switch {
		case h.Type == stream:
			s.onStream(s, h)
		case h.Procedure == downloadVolume:
			s.onDownload(s, h)
		default:
			s.send(h, reply, done, make([]byte, 64))
		}
	}
}

// send sends a packet that belongs to a request.
func (s *server) send(h header, kind, state uint32, payload []byte) {
	var packet bytes.Buffer
	h.Type, h.State = kind, state
	_ = binary.Write(&packet, binary.BigEndian, uint32(before+len(payload)))
	_ = binary.Write(&packet, binary.BigEndian, h)
	packet.Write(payload)
	_, _ = s.conn.Write(packet.Bytes())
}

// failure is an error as libvirt sends it: code, domain, message, level.
func failure(message string) []byte {
	var payload bytes.Buffer
	for _, value := range []uint32{1, 0, 1, uint32(len(message))} {
		_ = binary.Write(&payload, binary.BigEndian, value)
	}
	payload.WriteString(message + strings.Repeat("\x00", (4-len(message)%4)%4))
	_ = binary.Write(&payload, binary.BigEndian, uint32(2))
	return payload.Bytes()
}

func connect(t *testing.T, s *server) *libvirt.Libvirt {
	t.Helper()
	client := libvirt.NewWithDialer(s)
	if err := client.Connect(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.conn.Close() })
	return client
}

// within fails the test unless the work ends in time.
func within(t *testing.T, what string, work func() error) error {
	t.Helper()
	ended := make(chan error, 1)
	go func() { ended <- work() }()
	select {
	case err := <-ended:
		return err
	case <-time.After(deadline):
		t.Fatalf("%s has not ended after %v", what, deadline)
		return nil
	}
}

// download reads a volume from a server, and fails the test unless it gets "seed".
func download(t *testing.T, client *libvirt.Libvirt) {
	t.Helper()
	var got bytes.Buffer
	err := within(t, "a download", func() error {
		return client.StorageVolDownload(libvirt.StorageVol{}, &got, 0, 0, 0)
	})
	if err != nil || got.String() != "seed" {
		t.Fatalf("'%s', %v", &got, err)
	}
}

func TestAPacketAfterTheEndOfADownloadHoldsUpNoRequest(t *testing.T) {
	client := connect(t, &server{onDownload: func(s *server, h header) {
		s.send(h, reply, done, nil)
		s.send(h, stream, goesOn, []byte("seed"))
		s.send(h, stream, goesOn, nil)
		// The client takes the empty packet for the end, and waits for no other one.
		s.send(h, stream, failed, failure("stream had unexpected termination"))
	}})
	for range 1000 {
		download(t, client)
	}
}

func TestADownloadMayBeginAndEndBeforeItsReply(t *testing.T) {
	for before := range 4 {
		client := connect(t, &server{onDownload: func(s *server, h header) {
			for at, data := range []string{"se", "ed", ""} {
				if at == before {
					s.send(h, reply, done, nil)
				}
				s.send(h, stream, goesOn, []byte(data))
			}
			if before == 3 {
				s.send(h, reply, done, nil)
			}
		}})
		download(t, client)
	}
}

func TestAnUploadThatLibvirtRefusesAtItsEndIsAnError(t *testing.T) {
	client := connect(t, &server{onStream: func(s *server, h header) {
		if h.State == done {
			s.send(h, stream, failed, failure("No space left on device"))
		}
	}})
	for range 100 {
		err := within(t, "an upload", func() error {
			return client.StorageVolUpload(libvirt.StorageVol{}, strings.NewReader("image"), 0, 5, 0)
		})
		var refused libvirt.Error
		if !errors.As(err, &refused) || refused.Message != "No space left on device" {
			t.Fatalf("%v", err)
		}
	}
}
