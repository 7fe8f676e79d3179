import LinuxSystem
import RootFilesystem

/// A private directory for the time of one run of rspec.
struct TemporaryScripts {
    private let directory: PrivateDirectory
    private static let prefix = "bake-rspec-"

    /// Makes it, and removes those whose bake was killed.
    init(in parent: String) throws {
        for left in PrivateDirectory.abandoned(in: parent, prefix: Self.prefix) { Self.remove(left) }
        directory = try PrivateDirectory(in: parent, prefix: Self.prefix)
        try DurableFile.replace(backend, with: Array(ServerspecBackend.source.utf8))
        for (name, source) in ServerspecDocker.files {
            try DurableFile.replace("\(path)/\(name)", with: Array(source.utf8))
        }
    }

    var path: String { directory.path }
    /// The file that is loaded before the suite.
    var backend: String { "\(path)/bake_backend.rb" }
    /// The file that the formatter writes.
    var results: String { "\(path)/results" }

    func remove() { Self.remove(directory) }

    private static func remove(_ directory: PrivateDirectory) {
        try? TreeRemoval.remove(directory.path)
    }
}
