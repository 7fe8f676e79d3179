import BakeModel
import BlobStorage
import Foundation
import LinuxSystem
import RootFilesystem
import Testing

@testable import LayerBuild

@Suite struct ParentDirectoriesTests {
    @Test("over nothing, the directories above come in, each once, and what is there stays; no helper is started")
    func overNothing() throws {
        let place = "\(FileManager.default.temporaryDirectory.path)/bake-parents-\(UInt64.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: place) }
        let workshop = RootWorkshop(
            store: try BlobStore.create(at: place), program: HelperProgram(path: "/nonexistent"))
        var draft = LayerDraft()
        for name in ["srv/a/one", "srv/a/two", "top", "opt/own/three"] {
            draft.put(
                TreeEntry(path: try TreePath(cleaning: name), kind: .regular(size: 0), mode: 0o644), from: .bytes([]))
        }
        draft.put(TreeEntry(path: try TreePath(cleaning: "opt/own"), kind: .directory, mode: 0o700), from: .none)
        let complete = try ParentDirectories(workshop: workshop, layers: []).complete(draft)
        #expect(
            complete.paths.map(\.description).sorted() == [
                "opt", "opt/own", "opt/own/three", "srv", "srv/a", "srv/a/one", "srv/a/two", "top",
            ])
        #expect(complete.directories.map(\.description).sorted() == ["opt", "opt/own", "srv", "srv/a"])
    }
}
