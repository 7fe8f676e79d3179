import BakeModel
import Clibgit2

/// The references that the other side offers.
struct RemoteHeads {
    /// The branch that its HEAD names, `refs/heads/main`; nil where there is none.
    let defaultBranch: String?
    private let names: Set<[UInt8]>

    /// Reads what a connected remote said first.
    init(_ remote: borrowing Handle) throws(LibGitError) {
        var heads: UnsafeMutablePointer<UnsafePointer<git_remote_head>?>?
        var count = 0
        let pointer = remote.pointer
        try LibGit.check("read", "the list of branches") { git_remote_ls(&heads, &count, pointer) }
        let offered = (0..<count).compactMap { heads?[$0]?.pointee }
        names = Set(offered.map { Self.bytes($0.name) })
        defaultBranch = Self.defaultBranch(offered)
    }

    /// The target of HEAD where the other side tells it, else a branch at the same commit.
    private static func defaultBranch(_ heads: [git_remote_head]) -> String? {
        guard let head = heads.first(where: { bytes($0.name) == Array("HEAD".utf8) }) else { return nil }
        if let target = head.symref_target { return String(cString: target) }
        var id = head.oid
        let branches = heads.filter { candidate in
            var other = candidate.oid
            return git_oid_equal(&other, &id) == 1 && bytes(candidate.name).starts(with: "refs/heads/".utf8)
        }
        let names = branches.map { String(cString: $0.name) }
        return ["refs/heads/main", "refs/heads/master"].first(where: names.contains) ?? names.first
    }

    /// Removes branches and tags that are not offered any more; `refs/bake/` stays.
    func removeOthers(from mirror: borrowing Handle) throws(LibGitError) {
        var list = git_strarray()
        let pointer = mirror.pointer
        try LibGit.check("list", "the mirror's references") { git_reference_list(&list, pointer) }
        defer { git_strarray_dispose(&list) }
        for index in 0..<list.count {
            guard let name = list.strings[index] else { continue }
            let bytes = Self.bytes(name)
            guard ["refs/heads/", "refs/tags/"].contains(where: { bytes.starts(with: $0.utf8) }),
                !names.contains(bytes)
            else { continue }
            try LibGit.check("remove", String(cString: name)) { git_reference_remove(pointer, name) }
        }
    }

    private static func bytes(_ name: UnsafePointer<CChar>) -> [UInt8] {
        Array(UnsafeBufferPointer(start: name, count: String(cString: name).utf8.count)).map(UInt8.init(bitPattern:))
    }
}
