import BakeModel
import Foundation
import LinuxSystem
import Testing

@testable import LayerBuild

/// `.deb` files made by dpkg-deb, and damaged ones.
@Suite struct DebianFileTests {
    private let archive: TemporaryArchive

    init() throws { archive = try TemporaryArchive() }

    private func bytes(_ more: String = "", compression: String = "xz") throws -> [UInt8] {
        try archive.shell(
            """
            mkdir -p \(archive.path)/app/DEBIAN; cd \(archive.path)
            printf 'Package: app\\nVersion: 1:2.0-1\\nArchitecture: all\\nMaintainer: N <n@example.org>\\n\(more)Description: t\\n' \
              > app/DEBIAN/control
            dpkg-deb --root-owner-group -Z\(compression) --uniform-compression -b app app.deb >/dev/null
            """)
        return try DurableFile.read("\(archive.path)/app.deb", limit: 1 << 20)
    }

    @Test(arguments: ["xz", "gzip", "zstd", "none"])
    func itSaysWhatItIs(compression: String) throws {
        let bytes = try bytes(compression: compression)
        let file = try DebianFile(parsing: bytes, at: "app.deb")
        #expect(file.name == "app")
        #expect(file.version == "1:2.0-1")
        #expect(file.architecture == "all")
        let said = try archive.shell("cd \(archive.path); sha256sum app.deb; stat -c %s app.deb")
        #expect(said == "\(file.digest.hex)  app.deb\n\(file.size)\n")
    }

    @Test func aLockDependsOnWhatItNeedsAndNotOnItsVersion() throws {
        let plain = try DebianFile(parsing: try bytes(), at: "app.deb")
        let described = try DebianFile(parsing: try bytes("Homepage: https://e.example\\n"), at: "app.deb")
        let needing = try DebianFile(parsing: try bytes("Depends: web (>= 1) | httpd, libc6:any\\n"), at: "app.deb")
        #expect(plain.digest != described.digest && plain.relations == described.relations)
        #expect(plain.relations != needing.relations)
        #expect(needing.needs == ["web", "httpd", "libc6"])
    }

    @Test func otherFilesAreRefused() throws {
        let good = try bytes()
        func fault(_ bytes: [UInt8]) -> String? {
            do {
                _ = try DebianFile(parsing: bytes, at: "app.deb")
                return nil
            } catch { return (error as? any ExplainedError)?.reason ?? "\(error)" }
        }
        #expect(fault([]) == "it does not begin as an archive of ar")
        #expect(fault(Array("<html>404</html>".utf8)) == "it does not begin as an archive of ar")
        #expect(fault(Array(good.prefix(200)))?.contains("it ends within its member") == true)
        #expect(fault(Array(good.prefix(72)))?.contains("has not the members") == true)
        var huge = good
        huge.replaceSubrange(120..<130, with: Array("9999999999".utf8))
        #expect(fault(huge)?.contains("it ends within its member control.tar") == true)
        var negative = good
        negative.replaceSubrange(120..<130, with: Array("-1        ".utf8))
        #expect(fault(negative)?.contains("it ends within") == true)
        // Every byte of the control member changed in turn: an error or another text, never a crash.
        for offset in stride(from: 132, to: min(good.count, 400), by: 7) {
            var damaged = good
            damaged[offset] ^= 0xff
            _ = fault(damaged)
        }
    }

    @Test func aControlThatGrowsWithoutEndIsRefused() throws {
        try archive.shell(
            """
            cd \(archive.path); mkdir c; truncate -s 200M c/control; tar -C c -cJf control.tar.xz ./control
            echo 2.0 > debian-binary; tar -cJf data.tar.xz -T /dev/null; ar rc bomb.deb debian-binary control.tar.xz data.tar.xz
            """)
        let bytes = try DurableFile.read("\(archive.path)/bomb.deb", limit: 4 << 20)
        #expect(throws: (any Error).self) { try DebianFile(parsing: bytes, at: "bomb.deb") }
    }
}
