// Package requests counts what the node's load balancer has answered, from the lines that it logs.
package requests

import "strings"

// answer is what a line contains of one request.
type answer struct {
	route string
	// class is the first digit of its status, or 0 if the client got no answer.
	class int
}

// longestRoute is far above any name that the configuration allows.
const longestRoute = 64

// parse reads a line of nginx or of HAProxy. What the client itself wrote comes behind what is read here, or in quotes
// that it cannot close: nobody outside can make up a line.
//
//	nginx:   192.0.2.1 lamp "GET / HTTP/2.0" 200 …              the format `farm` of infra/loadbalancer/nginx.ts
//	HAProxy: 192.0.2.1:50000 [25/Nov/2026:15:45:10.123] tls~ lamp/worker1 0/0/1/2/3 200 …       its `option httplog`
func parse(line string) (answer, bool) {
	fields := strings.SplitN(line, " ", 7)
	if len(fields) < 4 {
		return answer{}, false
	}
	if strings.HasPrefix(fields[2], `"`) {
		quoted := strings.SplitN(line, `"`, 3)
		if len(quoted) < 3 {
			return answer{}, false
		}
		status, _, _ := strings.Cut(strings.TrimPrefix(quoted[2], " "), " ")
		return answered(fields[1], status)
	}
	if len(fields) < 7 || !strings.HasPrefix(fields[1], "[") || !strings.HasSuffix(fields[1], "]") {
		return answer{}, false
	}
	backend, _, ok := strings.Cut(fields[3], "/")
	if !ok {
		return answer{}, false
	}
	return answered(backend, fields[5])
}

// answered checks both: a line of another kind must not become a route.
func answered(route, status string) (answer, bool) {
	if !isRoute(route) {
		return answer{}, false
	}
	// The client went away before there was one: HAProxy writes -1, nginx 000.
	if status == "-1" || status == "000" {
		return answer{route: route}, true
	}
	if len(status) != 3 || status[0] < '1' || status[0] > '5' || !isDigit(status[1]) || !isDigit(status[2]) {
		return answer{}, false
	}
	return answer{route: route, class: int(status[0] - '0')}, true
}

func isRoute(name string) bool {
	if name == "" || len(name) > longestRoute {
		return false
	}
	for i := range len(name) {
		c := name[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && !isDigit(c) && c != '-' && c != '_' && c != '.' {
			return false
		}
	}
	return true
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
