import BakeModel
import BlobStorage
import RootFilesystem

extension StageRoot {
    /// What a program of it finds in its environment, by name. Nothing is unpacked or started for that.
    public func environment(in store: BlobStore) -> [String: String] {
        let root = LayeredRoot(layers, in: store)
        let text = { (path: String) in
            String(decoding: (try? root.contentsIfPresent(of: path)) ?? [], as: UTF8.self)
        }
        // Whom the image does not know has no home, as in a container.
        let user = configuration.user.flatMap { $0.isEmpty ? nil : $0 } ?? "0"
        let found = try? SandboxUser(user, passwd: text("/etc/passwd"), group: text("/etc/group"))
        let program = configuration.program(RootProgram(words: []))
        return StructureCommandRun.values(program.environment(home: found?.home ?? "/"))
    }
}
