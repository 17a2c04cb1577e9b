package phpfpm

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"strings"
)

// The types of records of FastCGI 1 that one request needs.
const (
	beginRequest = 1
	endRequest   = 3
	params       = 4
	stdin        = 5
	stdout       = 6
)

// maxAnswer is more than 20 times what php-fpm answers; more is no answer of its.
const maxAnswer = 64 << 10

// responder is the body of a begin: the server answers, and closes the connection, since php-fpm has one process for each.
var responder = []byte{0, 1, 0, 0, 0, 0, 0, 0}

type header struct {
	Version, Type     uint8
	ID, ContentLength uint16
	PaddingLength     uint8
	_                 uint8
}

// get is a page by FastCGI, without its headers; one with another status than 200 is an error.
func get(ctx context.Context, address, path, query string) ([]byte, error) {
	connection, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	if deadline, has := ctx.Deadline(); has {
		if err := connection.SetDeadline(deadline); err != nil {
			return nil, err
		}
	}
	if _, err := connection.Write(request(path, query)); err != nil {
		return nil, err
	}
	answer, err := read(bufio.NewReader(connection))
	if err != nil {
		return nil, err
	}
	return body(answer)
}

func request(path, query string) []byte {
	var out bytes.Buffer
	record := func(kind uint8, content []byte) {
		// A buffer takes everything.
		_ = binary.Write(&out, binary.BigEndian, header{Version: 1, Type: kind, ID: 1, ContentLength: uint16(len(content))})
		out.Write(content)
	}
	record(beginRequest, responder)
	var all []byte
	for _, param := range [][2]string{
		{"REQUEST_METHOD", "GET"},
		{"SERVER_PROTOCOL", "HTTP/1.1"},
		{"SCRIPT_NAME", path},
		{"SCRIPT_FILENAME", path},
		{"REQUEST_URI", path + "?" + query},
		{"QUERY_STRING", query},
	} {
		// Each is shorter than 128 bytes, so its length is one.
		all = append(all, uint8(len(param[0])), uint8(len(param[1])))
		all = append(all, param[0]+param[1]...)
	}
	record(params, all)
	record(params, nil)
	record(stdin, nil)
	return out.Bytes()
}

// read is what the records of an answer have for the client, until the server ends the request.
func read(from io.Reader) ([]byte, error) {
	var answer []byte
	for {
		var of header
		if err := binary.Read(from, binary.BigEndian, &of); err != nil {
			return nil, fmt.Errorf("it breaks off: %w", err)
		}
		content := make([]byte, int(of.ContentLength)+int(of.PaddingLength))
		if _, err := io.ReadFull(from, content); err != nil {
			return nil, fmt.Errorf("it breaks off: %w", err)
		}
		switch of.Type {
		case stdout:
			answer = append(answer, content[:of.ContentLength]...)
		case endRequest:
			return answer, nil
		}
		if len(answer) > maxAnswer {
			return nil, errors.New("it is too long")
		}
	}
}

func body(answer []byte) ([]byte, error) {
	lines := bufio.NewReader(bytes.NewReader(answer))
	headers, err := textproto.NewReader(lines).ReadMIMEHeader()
	if err != nil {
		return nil, fmt.Errorf("it has no headers: %w", err)
	}
	if status := headers.Get("Status"); status != "" && !strings.HasPrefix(status, "200") {
		return nil, fmt.Errorf("it answers %s", status)
	}
	return io.ReadAll(lines)
}
