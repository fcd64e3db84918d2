"""Contents as files: `store` is the BlobStore, `files` what it does in threads."""

from quaestor_artifact_store.fs_blobs.store import FileBlobs

__all__ = ["FileBlobs"]
