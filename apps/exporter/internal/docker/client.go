// Package docker reads from a Docker daemon what the exporter shows. Any process that can open Docker's socket owns the host, so
// there is one way to it in here, and it only sends GET.
package docker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

const (
	// version is one that every Docker from 25 on speaks.
	version = "/v1.44"
	// longestAnswer is far above any that was seen, bytes; a wrong one must not take the node's memory.
	longestAnswer = 8 << 20
	// longestComplaint is how much of an error's text is kept, bytes.
	longestComplaint = 300
)

// Client is a daemon behind a unix socket.
type Client struct {
	http     *http.Client
	answered atomic.Bool
}

// New returns a client; it connects at its first request.
func New(socket string) *Client {
	dialer := &net.Dialer{Timeout: 5 * time.Second}
	return &Client{http: &http.Client{
		Transport: &http.Transport{
			DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
				return dialer.DialContext(ctx, "unix", socket)
			},
			DisableCompression:  true,
			MaxIdleConnsPerHost: 2,
			IdleConnTimeout:     time.Minute,
		},
		// A redirect would be followed to any host.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Answered reports whether Docker ever answered a request: until then, the socket may not be ours to open.
func (c *Client) Answered() bool { return c.answered.Load() }

// Refusal is an answer that is not the expected one.
type Refusal struct {
	Status  int
	Message string
}

func (r *Refusal) Error() string { return fmt.Sprintf("Docker answers %d: %s", r.Status, r.Message) }

// IsGone reports whether a container ended between being listed and being read, which is no fault.
func IsGone(err error) bool {
	var refusal *Refusal
	return errors.As(err, &refusal) && (refusal.Status == http.StatusNotFound || refusal.Status == http.StatusConflict)
}

// get sends one request; the caller closes the body.
func (c *Client) get(ctx context.Context, path string, query url.Values) (io.ReadCloser, error) {
	target := url.URL{Scheme: "http", Host: "docker", Path: version + path, RawQuery: query.Encode()}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, target.String(), nil)
	if err != nil {
		return nil, err
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		defer response.Body.Close()
		text, _ := io.ReadAll(io.LimitReader(response.Body, longestComplaint))
		return nil, &Refusal{Status: response.StatusCode, Message: strings.TrimSpace(string(text))}
	}
	c.answered.Store(true)
	return response.Body, nil
}

func (c *Client) json(ctx context.Context, path string, query url.Values, into any) error {
	body, err := c.get(ctx, path, query)
	if err != nil {
		return err
	}
	defer body.Close()
	if err := json.NewDecoder(io.LimitReader(body, longestAnswer)).Decode(into); err != nil {
		return fmt.Errorf("GET %s: %w", path, err)
	}
	return nil
}
