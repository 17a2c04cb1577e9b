// Package local holds command:local:Command and the function command:local:run,
// which run scripts on the machine Pulumi runs on.
package local

import (
	"github.com/pulumi/pulumi-go-provider/infer"
	"github.com/pulumi/pulumi-go-provider/infer/types"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"swarm-farm/toolchain/command/internal/logs"
)

// Logging says which streams of a command go to the engine's log.
type Logging string

// Values lists the kinds of logging.
func (Logging) Values() []infer.EnumValue[Logging] { return logs.Values[Logging]() }

// Place is how a script is run and what is picked up afterwards.
type Place struct {
	// Interpreter is the program that gets the script as its last argument;
	// /bin/sh -c by default.
	Interpreter []string `pulumi:"interpreter,optional"`
	// Dir is the working directory, which must exist; Pulumi's by default.
	Dir *string `pulumi:"dir,optional"`
	// AssetPaths are globs, relative to Dir, of files to return one by one.
	AssetPaths []string `pulumi:"assetPaths,optional"`
	// ArchivePaths are globs, relative to Dir, of files to return as an archive.
	ArchivePaths []string `pulumi:"archivePaths,optional"`
	// Logging chooses the streams to log; both by default.
	Logging *Logging `pulumi:"logging,optional"`
}

const globs = "Globs relative to the working directory: `*` stops at a slash, `**` does not, " +
	"a leading `!` excludes, and the last glob that matches decides."

// Annotate describes the fields in the schema.
func (p *Place) Annotate(a infer.Annotator) {
	a.Describe(&p.Interpreter, "The program and arguments that run the script. Defaults to `[\"/bin/sh\", \"-c\"]`.")
	a.Describe(&p.Dir, "The working directory. It must exist.")
	a.Describe(&p.AssetPaths, "Files to return in `assets` after the run. "+globs)
	a.Describe(&p.ArchivePaths, "Files to return in `archive` after the run. "+globs)
	a.Describe(&p.Logging, "Which streams go to the log while the script runs. Defaults to both.")
}

// Files is what AssetPaths and ArchivePaths found after the run.
type Files struct {
	// Assets are the files of AssetPaths by their path relative to Dir.
	Assets map[string]types.AssetOrArchive `pulumi:"assets,optional"`
	// Archive holds the files of ArchivePaths under their path relative to Dir.
	Archive *resource.Archive `pulumi:"archive,optional"`
}

// Annotate describes the fields in the schema.
func (f *Files) Annotate(a infer.Annotator) {
	a.Describe(&f.Assets, "The files found by `assetPaths`, by their relative path.")
	a.Describe(&f.Archive, "The files found by `archivePaths`.")
}
