import BakeModel
import BlobStorage
import Foundation
import LinuxSystem

@testable import LayerBuild

/// A directory with a small Debian archive made by Debian's own tools, an apt configuration that names it, and a store.
final class TemporaryArchive {
    let path: String
    let store: BlobStore
    var machine: DebianMachine { DebianMachine(temporary: path, configuration: "\(path)/etc") }

    init() throws {
        var template = Array("/tmp/bake-debian-tests.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError("make", "a directory") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        chmod(path, 0o755)
        store = try BlobStore.create(at: "\(path)/store")
        try DurableFile.makeDirectories("\(path)/etc/sources.list.d")
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Adds an archive at `name` with these packages, each a control paragraph without Maintainer and Description.
    func add(_ name: String, suite: String, origin: String, packages: [String]) throws {
        let archive = "\(path)/\(name)"
        try DurableFile.makeDirectories("\(archive)/pool")
        for (index, paragraph) in packages.enumerated() { try build(paragraph, in: archive, number: index) }
        try index(name, suite: suite, origin: origin)
    }

    /// Writes the index of an archive anew, of the files that lie there now.
    func index(_ name: String, suite: String, origin: String) throws {
        let archive = "\(path)/\(name)"
        let architecture = try machine.architecture()
        try DurableFile.makeDirectories("\(archive)/dists/\(suite)/main/binary-\(architecture)")
        try shell(
            """
            cd \(archive)
            apt-ftparchive packages pool > dists/\(suite)/main/binary-\(architecture)/Packages
            o=APT::FTPArchive::Release
            apt-ftparchive -o $o::Origin=\(origin) -o $o::Suite=\(suite) -o $o::Codename=\(suite) -o $o::Components=main \
              -o $o::Architectures=\(architecture) release dists/\(suite) > Release
            mv Release dists/\(suite)
            """)
    }

    /// Writes a file of apt's sources.
    func write(_ name: String, _ text: String) throws {
        try DurableFile.replace("\(path)/etc/\(name)", with: text.utf8)
    }

    private func build(_ paragraph: String, in archive: String, number: Int) throws {
        let root = "\(archive)/build\(number)"
        try DurableFile.makeDirectories("\(root)/DEBIAN")
        let control = "\(paragraph)\nMaintainer: Nobody <nobody@example.org>\nDescription: test\n"
        try DurableFile.replace("\(root)/DEBIAN/control", with: control.utf8)
        try shell(
            "chmod 755 \(root) \(root)/DEBIAN; dpkg-deb --root-owner-group -b \(root) \(archive)/pool; rm -r \(root)")
    }

    @discardableResult
    func shell(_ script: String) throws -> String {
        let process = try CompletedProcess.run(
            "/bin/sh", ["-e", "-c", script], environment: HelperProgram.environment)
        guard process.ending.succeeded else { throw SystemError(process.lastErrors, script, number: EINVAL) }
        return process.text
    }
}

extension DebianSolver {
    /// Solves for names alone, with the machine's own sources.
    func solve(suite: String, asked: [String], on base: InstalledPackages? = nil) throws -> Solution {
        try solve(PackageRequest(suite: DebianSuite(suite), asked: asked), on: base)
    }
}
