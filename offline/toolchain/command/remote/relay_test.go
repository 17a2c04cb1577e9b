package remote

import (
	"fmt"
	"io"
	"net"
)

// relay passes a connection on to a port of this machine.
func relay(conn net.Conn, port int) {
	defer conn.Close()
	server, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return
	}
	defer server.Close()
	go func() {
		_, _ = io.Copy(server, conn)
		_ = server.Close()
	}()
	_, _ = io.Copy(conn, server)
}
