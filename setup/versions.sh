# shellcheck shell=bash
# Every version that ./farm installs, in one place. The Go modules in offline/toolchain/ and package.json pin the same.
# All are read by the files that source this one.
# shellcheck disable=SC2034
PULUMI_VERSION=3.259.0
DOCKER_PLUGIN_VERSION=5.2.0
COMMAND_PLUGIN_VERSION=1.2.1
# Pulumi's plugin for any Terraform provider, and the provider it runs for us.
TERRAFORM_PLUGIN_VERSION=1.1.3
LIBVIRT_PROVIDER_VERSION=0.8.3
# What @pulumi/pulumi asks for.
NODE_MINIMUM=22.0.0
# What apps/exporter asks for; from 1.21 on it fetches the newer Go that offline/toolchain/ asks for by itself.
GO_MINIMUM=1.22
# What is fetched from npm where the distribution's Node.js is older than that.
NODE_VERSION=22.23.3
NPM_VERSION=11.19.1
