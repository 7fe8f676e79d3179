import BakeModel
import Clibgit2
import Glibc
import LinuxSystem

/// The mirror's directory, held by one fetch at a time.
enum MirrorDirectory {
    /// Opens the mirror, or makes it; what an interrupted fetch left behind goes first.
    static func open(_ path: String) throws(LibGitError) -> Handle {
        for directory in [path, "\(path)/refs"] { removeLocks(below: directory, depth: directory == path ? 1 : 64) }
        removeUnfinishedPacks(path)
        var options = git_repository_init_options()
        try LibGit.check("make the mirror", path) {
            git_repository_init_options_init(&options, UInt32(GIT_REPOSITORY_INIT_OPTIONS_VERSION))
        }
        options.flags = GIT_REPOSITORY_INIT_BARE.rawValue | GIT_REPOSITORY_INIT_MKPATH.rawValue
        return try Handle("make the mirror", path, free: git_repository_free) {
            git_repository_init_ext(&$0, path, &options)
        }
    }

    /// Locks of git's are files, so they outlive their owner. No other owner lives: the mirror's own lock is held.
    private static func removeLocks(below directory: String, depth: Int) {
        guard depth > 0 else { return }
        for name in DirectoryListing.namesIfThere(in: directory) {
            let path = "\(directory)/\(name)"
            if name.hasSuffix(".lock") { unlink(path) } else { removeLocks(below: path, depth: depth - 1) }
        }
    }

    /// Finished packs are named `pack-…`, unfinished ones `pack_…`.
    private static func removeUnfinishedPacks(_ path: String) {
        let directory = "\(path)/objects/pack"
        for name in DirectoryListing.namesIfThere(in: directory) where name.hasPrefix("pack_") {
            unlink("\(directory)/\(name)")
        }
    }
}
