package requests

import "testing"

func TestParse(t *testing.T) {
	for name, test := range map[string]struct {
		line string
		want answer
	}{
		"nginx":                   {`192.0.2.1 lamp "GET / HTTP/2.0" 200 45 0.005 "10.0.0.2:8081" "200"`, answer{"lamp", 2}},
		"nginx, quotes inside":    {`192.0.2.1 lamp "GET /\x22 x 200 HTTP/1.1" 502 45 0.005 "-" "-"`, answer{"lamp", 5}},
		"nginx, no route":         {`2001:db8::1 nowhere "GET / HTTP/1.1" 404 45 0.005 "-" "-"`, answer{"nowhere", 4}},
		"nginx, no request":       {`192.0.2.1 plain "" 400 0 0.000 "-" "-"`, answer{"plain", 4}},
		"nginx, client went away": {`192.0.2.1 lamp "GET / HTTP/2.0" 000 0 0.1 "-" "-"`, answer{"lamp", 0}},
		"nginx, not understood":   {`127.0.0.1 nowhere "GARBAGE" 400 150 0.000 "-" "-"`, answer{"nowhere", 4}},
		"HAProxy, not understood": {
			`127.0.0.1:36100 [25/Nov/2026:16:18:27.281] plain plain/<NOSRV> -1/-1/-1/-1/0 400 0 - - PR-- 1/1/0/0/0 0/0 "<BADREQ>"`,
			answer{"plain", 4},
		},
		"HAProxy":                   {haproxy("lamp/worker1", "200"), answer{"lamp", 2}},
		"HAProxy, no server":        {haproxy("lamp/<NOSRV>", "503"), answer{"lamp", 5}},
		"HAProxy, client went away": {haproxy("lamp/worker1", "-1"), answer{"lamp", 0}},
		"HAProxy, IPv6":             {"[2001:db8::1]:5" + haproxy("nowhere/<NOSRV>", "404")[9:], answer{"nowhere", 4}},
	} {
		t.Run(name, func(t *testing.T) {
			if got, ok := parse(test.line); !ok || got != test.want {
				t.Errorf("got %+v, %v, want %+v", got, ok, test.want)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	for name, line := range map[string]string{
		"nothing":                     "",
		"HAProxy's own words":         "backend hello has no server available!",
		"words":                       "Server lamp/worker1 is DOWN, reason: Layer4 timeout, check duration: 3000ms.",
		"nginx without a route":       `192.0.2.1 "GET / HTTP/2.0" 200 45 0.005 "10.0.0.2:8081" "200"`,
		"nginx with an empty route":   `192.0.2.1  "GET / HTTP/2.0" 200 45`,
		"a request that goes on":      `192.0.2.1 lamp "GET / HTTP/2.0`,
		"no status":                   `192.0.2.1 lamp "GET / HTTP/2.0" - 45`,
		"a status of no kind":         `192.0.2.1 lamp "GET / HTTP/2.0" 700 45`,
		"a route with other letters":  `192.0.2.1 la{mp "GET / HTTP/2.0" 200 45`,
		"HAProxy without a backend":   haproxy("lamp", "200"),
		"HAProxy's failed handshakes": "192.0.2.1:50000 [25/Nov/2026:15:45:10.123] tls/1: SSL handshake failure (error:0A00009C:SSL routines::http request)",
	} {
		if got, ok := parse(line); ok {
			t.Errorf("%s is taken as %+v", name, got)
		}
	}
}

func haproxy(backend, status string) string {
	return `192.0.2.1:50000 [25/Nov/2026:15:45:10.123] tls~ ` + backend + ` 0/0/1/2/3 ` + status +
		` 345 - - ---- 1/1/0/0/0 0/0 "GET https://farm/ HTTP/2.0"`
}

func FuzzParse(f *testing.F) {
	f.Add(haproxy("lamp/worker1", "200"))
	f.Add(`192.0.2.1 lamp "GET / HTTP/2.0" 200 45 0.005 "10.0.0.2:8081" "200"`)
	f.Fuzz(func(t *testing.T, line string) {
		if got, ok := parse(line); ok && (!isRoute(got.route) || got.class > lastClass) {
			t.Errorf("%q is taken as %+v", line, got)
		}
	})
}
