/// Something of libgit2's that must be freed: a repository, an object, a walk. It cannot be copied, and frees itself.
struct Handle: ~Copyable {
    /// For calls of the library, while this value lives.
    let pointer: OpaquePointer
    private let free: (OpaquePointer?) -> Void

    /// Calls a function that makes one.
    init(
        _ doing: String, _ subject: @autoclosure () -> String, free: @escaping (OpaquePointer?) -> Void,
        _ make: (inout OpaquePointer?) -> Int32
    ) throws(LibGitError) {
        var made: OpaquePointer?
        try LibGit.check(doing, subject()) { make(&made) }
        guard let made else {
            throw LibGitError(doing: doing, subject: subject(), code: -1, message: "libgit2 made nothing")
        }
        pointer = made
        self.free = free
    }

    deinit { free(pointer) }
}
