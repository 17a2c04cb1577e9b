// directory runs pebble for tests on a farm: its directory at https://ADDRESS:14000/dir, HTTP-01 at port 80 of one node for every name. It is
// not part of the client's program.
package main

import (
	"flag"
	"log"
	"net"
	"net/http"
	"os"

	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"

	"swarm-farm/apps/acme/fake"
)

func main() {
	address := flag.String("address", "", "IPv4 address of this machine, at which the directory is")
	node := flag.String("node", "", "IPv4 address at which every name is")
	cert := flag.String("cert", "", "file with the directory's own certificate, in PEM")
	key := flag.String("key", "", "file with its private key, in PEM")
	seconds := flag.Uint64("validity", 0, "seconds for which certificates are valid; 0: 90 days")
	flag.Parse()

	names, _, err := fake.StartNames("127.0.0.1:0", net.ParseIP(*node))
	if err != nil {
		log.Fatal(err)
	}
	logger := log.New(os.Stdout, "", log.LstdFlags)
	store := db.NewMemoryStore()
	profiles := map[string]ca.Profile{"default": {Description: "the only one", ValidityPeriod: *seconds}}
	issuer := ca.New(logger, store, "", "ecdsa", 0, 1, profiles)
	validator := va.New(logger, 80, 443, false, names.Address, store)
	front := wfe.New(logger, store, validator, issuer, []string{"pebble.test"}, false, false, 1, 1)
	log.Fatal(http.ListenAndServeTLS(net.JoinHostPort(*address, "14000"), *cert, *key, front.Handler()))
}
