import BakeModel
import Clibgit2
import Glibc
import LinuxSystem

/// The status of a work tree as bytes: `M` or `?`, the path, a NUL; a last `+` where the limit was reached.
enum StatusRecords {
    /// How its answer is marked.
    static let frame = HelperFrame.Kind(byte: UInt8(ascii: "s"))

    /// Compares HEAD, index and work tree. The index is not refreshed: nothing is written.
    static func read(_ repository: OpenRepository, limit: Int) throws -> [UInt8] {
        if git_repository_is_bare(repository.pointer) == 1 { return [] }
        var options = git_status_options()
        try LibGit.check("examine", "the work tree") {
            git_status_options_init(&options, UInt32(GIT_STATUS_OPTIONS_VERSION))
        }
        options.show = GIT_STATUS_SHOW_INDEX_AND_WORKDIR
        options.flags =
            GIT_STATUS_OPT_INCLUDE_UNTRACKED.rawValue | GIT_STATUS_OPT_RECURSE_UNTRACKED_DIRS.rawValue
            | GIT_STATUS_OPT_EXCLUDE_SUBMODULES.rawValue
        let list = try Handle("examine", "the work tree", free: git_status_list_free) {
            git_status_list_new(&$0, repository.pointer, &options)
        }
        return records(list.pointer, limit: limit)
    }

    private static func records(_ list: OpaquePointer, limit: Int) -> [UInt8] {
        let count = git_status_list_entrycount(list)
        var bytes: [UInt8] = []
        for index in 0..<min(count, limit) {
            guard let entry = git_status_byindex(list, index) else { continue }
            append(entry.pointee, to: &bytes)
        }
        return count > limit ? bytes + [UInt8(ascii: "+"), 0] : bytes
    }

    private static func append(_ entry: git_status_entry, to bytes: inout [UInt8]) {
        let isUntracked = entry.status == GIT_STATUS_WT_NEW
        for delta in [entry.head_to_index, entry.index_to_workdir] {
            guard let delta else { continue }
            for path in [delta.pointee.old_file.path, delta.pointee.new_file.path] {
                guard let path else { continue }
                bytes.append(UInt8(ascii: isUntracked ? "?" : "M"))
                bytes += UnsafeRawBufferPointer(start: path, count: strlen(path))
                bytes.append(0)
            }
        }
    }
}
