package docker

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"time"
)

// From is where in a container's log to begin.
type From struct {
	// All is from its first line.
	All bool
	// Since leaves out what is older; the zero time means: only what is yet to come.
	Since time.Time
}

// Log opens what a container writes to stdout and follows it until the container ends. What is read from it is the
// stream as Docker frames it; see Stdout.
func (c *Client) Log(ctx context.Context, id string, from From) (io.ReadCloser, error) {
	query := url.Values{"follow": {"true"}, "stdout": {"true"}}
	switch {
	case from.All:
	case from.Since.IsZero():
		query.Set("tail", "0")
	default:
		query.Set("since", fmt.Sprintf("%d.%09d", from.Since.Unix(), from.Since.Nanosecond()))
	}
	return c.get(ctx, "/containers/"+url.PathEscape(id)+"/logs", query)
}

const (
	frameHeader = 8
	stdout      = 1
	stderr      = 2
)

// Stdout takes apart a log in which Docker mixes two streams: each piece has a header with its stream and length. Pieces
// follow neither lines nor reads. It hands on what belongs to stdout and returns nil when the log ends between two pieces.
func Stdout(log io.Reader, hand func([]byte)) error {
	header := make([]byte, frameHeader)
	buffer := make([]byte, 16<<10)
	for {
		if _, err := io.ReadFull(log, header); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		if header[0] > stderr || header[1] != 0 || header[2] != 0 || header[3] != 0 {
			return errors.New("no piece of a log: " + strconv.QuoteToASCII(string(header)))
		}
		rest := int64(binary.BigEndian.Uint32(header[4:]))
		for rest > 0 {
			n, err := log.Read(buffer[:min(rest, int64(len(buffer)))])
			if n > 0 && header[0] == stdout {
				hand(buffer[:n])
			}
			rest -= int64(n)
			if err != nil && rest > 0 {
				return fmt.Errorf("the log ends within a piece: %w", err)
			}
		}
	}
}
