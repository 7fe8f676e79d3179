import BakeModel
import BlobStorage
import Foundation
import ImageComparison
import Testing

@Suite struct InstalledPackagesTests {
    private let bench: Workbench
    private let store: BlobStore

    init() throws {
        bench = try Workbench()
        store = try bench.store()
    }

    /// A paragraph of dpkg's notes.
    private func note(_ name: String, _ version: String, _ status: String = "install ok installed") -> String {
        "Package: \(name)\\nStatus: \(status)\\nArchitecture: amd64\\nVersion: \(version)\\n\\n"
    }

    private func status(_ notes: String...) -> String {
        "mkdir -p var/lib/dpkg && printf '\(notes.joined())' > var/lib/dpkg/status"
    }

    private func read(_ layers: Layer...) throws -> [String] {
        try InstalledPackages.read(layers, from: store).map { "\($0.package.name) \($0.package.version) \($0.layer)" }
    }

    @Test("each package is of the layer that brought its version; what was removed is not there")
    func layers() throws {
        let below = try bench.layer(status(note("a", "1"), note("b", "1"), note("c", "1")), in: store)
        let above = try bench.layer(
            status(note("a", "1"), note("b", "2"), note("c", "1", "deinstall ok config-files"), note("d", "1")),
            in: store)
        let other = try bench.layer("echo page > index.html", in: store)
        #expect(try read(below, other, above, other) == ["a 1 0", "b 2 2", "d 1 2"])
        // The second time from the cache, which says the same.
        #expect(try read(below, other, above, other) == ["a 1 0", "b 2 2", "d 1 2"])
        #expect(try read(other).isEmpty)
    }

    @Test("the notes of images without dpkg are read, but for their sums")
    func distroless() throws {
        let layer = try bench.layer(
            "mkdir -p var/lib/dpkg/status.d && printf 'Package: base\\nVersion: 12\\n' > var/lib/dpkg/status.d/base"
                + " && printf 'Package: no\\nVersion: 1\\n' > var/lib/dpkg/status.d/base.md5sums", in: store)
        #expect(try read(layer) == ["base 12 0"])
    }

    @Test(
        "what a layer hides is not there",
        arguments: [
            "mkdir -p var/lib/dpkg && : > var/lib/dpkg/.wh.status", "mkdir -p var/lib && : > var/lib/.wh.dpkg",
            "mkdir -p var && : > var/.wh..wh..opq",
        ])
    func hidden(script: String) throws {
        let below = try bench.layer(status(note("a", "1")), in: store)
        #expect(try read(below, try bench.layer(script, in: store)).isEmpty)
    }
}
