// Package shim lets the bridge reach the Terraform provider, whose own package is internal: Go allows the import
// because this module's path lies below the provider's.
package shim

import (
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/terraform-providers/terraform-provider-docker/internal/provider"
)

// NewProvider returns the Terraform provider for Docker with the fields of services that it lacks.
func NewProvider() *schema.Provider {
	p := provider.New("dev")()
	provider.AddServiceFields(p)
	return p
}
