package local

import (
	"fmt"
	"path/filepath"

	"github.com/pulumi/pulumi-go-provider/infer/types"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// collect reads the files that AssetPaths and ArchivePaths ask for.
func (p Place) collect() (Files, error) {
	var found Files
	if p.AssetPaths != nil {
		paths, err := p.find(p.AssetPaths)
		if err != nil {
			return Files{}, fmt.Errorf("collecting assetPaths: %w", err)
		}
		found.Assets = noAssets()
		for relative, path := range paths {
			asset, err := resource.NewPathAsset(path)
			if err != nil {
				return Files{}, fmt.Errorf("collecting assetPaths: reading %q: %w", path, err)
			}
			found.Assets[relative] = types.AssetOrArchive{Asset: asset}
		}
	}
	if p.ArchivePaths != nil {
		paths, err := p.find(p.ArchivePaths)
		if err != nil {
			return Files{}, fmt.Errorf("collecting archivePaths: %w", err)
		}
		contents := map[string]any{}
		for relative, path := range paths {
			asset, err := resource.NewPathAsset(path)
			if err != nil {
				return Files{}, fmt.Errorf("collecting archivePaths: reading %q: %w", path, err)
			}
			contents[relative] = asset
		}
		found.Archive, err = resource.NewAssetArchive(contents)
		if err != nil {
			return Files{}, fmt.Errorf("collecting archivePaths: %w", err)
		}
	}
	return found, nil
}

// placeholders returns empty outputs for a preview, which the framework turns
// into unknown ones. Those that are absent would count as known.
func (p Place) placeholders() (f Files) {
	if p.AssetPaths != nil {
		f.Assets = noAssets()
	}
	if p.ArchivePaths != nil {
		f.Archive, _ = resource.NewAssetArchive(nil)
	}
	return f
}

// restored returns the state's files complete again: of what a state holds, the
// engine sends the hashes only, and would lose the rest if it came back so.
func (s CommandState) restored() Files {
	files := s.Files
	for relative, file := range files.Assets {
		if file.Asset != nil && !file.Asset.HasContents() {
			files.Assets[relative] = types.AssetOrArchive{Asset: &resource.Asset{
				Sig: file.Asset.Sig, Hash: file.Asset.Hash, Path: filepath.Join(s.root(), relative),
			}}
		}
	}
	if files.Archive == nil || files.Archive.HasContents() {
		return files
	}
	// An archive's hash does not tell what was in it. It can be had again as long
	// as the files are still there.
	now, err := s.collect()
	if err == nil && now.Archive != nil && now.Archive.Hash == files.Archive.Hash {
		files.Archive = now.Archive
	}
	return files
}

func noAssets() map[string]types.AssetOrArchive { return map[string]types.AssetOrArchive{} }
