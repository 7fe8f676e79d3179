import BakeModel
import Clibgit2

/// The one door to libgit2: it is set up here, and every return code passes through `check`.
enum LibGit {
    /// Loads the library, which `start` does as well.
    static func load() { clibgit2_load() }

    /// Sets the library up for foreign repositories: no configuration of the machine or user, no owner check (nothing
    /// of the repository is ever run), little memory mapped.
    static func start() throws(LibGitError) {
        try check("set up", "libgit2") { git_libgit2_init() }
        for level in [GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL] {
            try check("set up", "libgit2") {
                clibgit2_set_search_path(level.rawValue, "")
            }
        }
        try set(GIT_OPT_SET_OWNER_VALIDATION, 0)
        try check("set up", "libgit2") { setSize(GIT_OPT_SET_MWINDOW_SIZE, 128 << 20) }
        try check("set up", "libgit2") { setSize(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, 1 << 30) }
        try allowExtensions()
    }

    /// Extensions of the repository format that do not matter to a reader.
    private static func allowExtensions() throws(LibGitError) {
        let names: [StaticString] = ["worktreeconfig", "partialclone", "preciousobjects"]
        var pointers = names.map { Optional(UnsafeRawPointer($0.utf8Start).assumingMemoryBound(to: CChar.self)) }
        try check("set up", "libgit2") { clibgit2_set_extensions(&pointers, pointers.count) }
    }

    /// Sets one of the library's switches.
    static func set(_ option: git_libgit2_opt_t, _ value: Int32) throws(LibGitError) {
        try check("set up", "libgit2") { clibgit2_set_flag(Int32(option.rawValue), value) }
    }

    private static func setSize(_ option: git_libgit2_opt_t, _ value: Int) -> Int32 {
        clibgit2_set_size(Int32(option.rawValue), value)
    }

    /// Calls the library; where it returns a negative code, reads its last error, clears it and throws.
    @discardableResult
    static func check(
        _ doing: String, _ subject: @autoclosure () -> String, _ call: () -> Int32
    ) throws(LibGitError) -> Int32 {
        let code = call()
        if code >= 0 { return code }
        // NULL happens: some functions return a code and say nothing.
        let message = git_error_last().map { String(cString: $0.pointee.message) }
        git_error_clear()
        throw LibGitError(doing: doing, subject: subject(), code: code, message: message ?? "libgit2 returned \(code)")
    }

    /// The library's form of an object name.
    static func oid(_ id: ObjectID) throws(LibGitError) -> git_oid {
        var oid = git_oid()
        try check("read the name", id.hex) { git_oid_fromstr(&oid, id.hex) }
        return oid
    }

    /// The object name in the library's form.
    static func objectID(_ oid: git_oid) throws -> ObjectID {
        var oid = oid
        guard let id = withUnsafeBytes(of: &oid, { ObjectID(raw: Array($0.prefix(20))) }) else {
            throw GitProtocolError(subject: "an object name")
        }
        return id
    }
}

/// Something that libgit2 refused.
struct LibGitError: ExplainedError, Hashable {
    let doing: String
    let subject: String
    let code: Int32
    let message: String

    var reason: String { message.isEmpty ? "libgit2 returned \(code)" : message }
    var exit: ExitCode { isNotFound || isAmbiguous ? .notFound : .failed }

    var isNotFound: Bool { code == GIT_ENOTFOUND.rawValue }
    var isAmbiguous: Bool { code == GIT_EAMBIGUOUS.rawValue }
}
