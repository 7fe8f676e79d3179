import Foundation
import Glibc

/// A root with services of every kind that systemd and System V's init tell apart.
final class ServiceRoot: Sendable {
    private let directory: TemporaryDirectory
    var path: String { directory.path }

    private static let units = "usr/lib/systemd/system"
    private static let wants = "etc/systemd/system/multi-user.target.wants"
    private static let wanted = "[Service]\nExecStart=/x\n[Install]\nWantedBy=multi-user.target\n"
    private static let plain = "[Service]\nExecStart=/x\n"

    /// - Parameter hasSystemd: whether systemctl is there.
    init(hasSystemd: Bool = true) throws {
        directory = try TemporaryDirectory()
        try FileManager.default.createDirectory(atPath: "\(path)/usr/lib", withIntermediateDirectories: true)
        symlink("usr/lib", "\(path)/lib")
        if hasSystemd { try directory.write("usr/bin/systemctl", "", mode: 0o755) }
        for (name, text) in Self.files { try directory.write(name, text) }
        for (name, target) in Self.links { try link(name, target) }
        for script in ["old", "old5", "olds", "both"] { try directory.write("etc/init.d/\(script)", "#!/bin/sh\n") }
        try FileManager.default.createDirectory(
            atPath: "\(path)/etc/systemd/system/dir.service", withIntermediateDirectories: true)
    }

    /// Writes a file more.
    func write(_ name: String, _ text: String, mode: mode_t = 0o644) throws {
        try directory.write(name, text, mode: mode)
    }

    /// Makes a link, with the directories above it.
    func link(_ name: String, _ target: String) throws {
        let above = URL(fileURLWithPath: "\(path)/\(name)").deletingLastPathComponent()
        try FileManager.default.createDirectory(at: above, withIntermediateDirectories: true)
        symlink(target, "\(path)/\(name)")
    }

    private static let files: [(String, String)] =
        [
            "wanted", "off", "masked", "vendorwant", "strange", "inst@", "vinst@", "runt", "rmask", "reset", "both",
            "a.b",
        ]
        .map { ("\(units)/\($0).service", wanted) }
        + ["plain", "dropin", "over", "base"].map { ("\(units)/\($0).service", plain) } + [
            ("\(units)/reqd.service", "[Install]\nRequiredBy=x.target\n"), ("\(units)/empty.service", ""),
            ("\(units)/ssh.service", "\(wanted)Alias=sshd.service\n"),
            ("\(units)/onlyalias.service", "[Install]\nAlias=dbus-only.service\n"),
            ("\(units)/also.service", "[Install]\nAlso=wanted.service\n"),
            ("\(units)/getty@.service", "[Install]\nWantedBy=getty.target\nDefaultInstance=tty1\n"),
            ("\(units)/other@.service", wanted), ("\(units)/sock.socket", "[Install]\nWantedBy=sockets.target\n"),
            ("\(units)/tgt.target", "[Unit]\n"),
            ("\(units)/cont.service", "[Install]\nWantedBy=a.target \\\n  multi-user.target\n"),
            ("\(units)/comment.service", "[Install]\n#WantedBy=a.target\n"), ("\(units)/file.service", wanted),
            ("\(units)/linkdir.service", wanted), ("opt/linked.service", wanted), ("opt/linkedon.service", wanted),
            ("opt/deep.service", wanted), ("run/systemd/generator.late/gen.service", plain),
            ("etc/systemd/system/dropin.service.d/a.conf", "[Install]\nWantedBy=multi-user.target\n"),
            ("etc/systemd/system/reset.service.d/a.conf", "[Install]\nWantedBy=\n"),
            ("etc/systemd/system/over.service", wanted), ("\(wants)/file.service", "no link"),
        ]

    private static let links: [(String, String)] = [
        ("\(wants)/wanted.service", "/lib/systemd/system/wanted.service"),
        ("etc/systemd/system/x.target.requires/reqd.service", "../../../../lib/systemd/system/reqd.service"),
        ("etc/systemd/system/masked.service", "/dev/null"), ("\(wants)/masked.service", "/x"),
        ("\(units)/multi-user.target.wants/vendorwant.service", "../vendorwant.service"),
        ("etc/systemd/system/sshd.service", "/lib/systemd/system/ssh.service"),
        ("etc/systemd/system/dbus-only.service", "/usr/lib/systemd/system/onlyalias.service"),
        ("etc/systemd/system/othername.service", "/usr/lib/systemd/system/strange.service"),
        ("etc/systemd/system/getty.target.wants/getty@tty1.service", "/lib/systemd/system/getty@.service"),
        ("\(wants)/inst@a.service", "/lib/systemd/system/inst@.service"),
        ("\(units)/multi-user.target.wants/vinst@v.service", "../vinst@.service"),
        ("etc/systemd/system/linked.service", "/opt/linked.service"),
        ("etc/systemd/system/linkedon.service", "/opt/linkedon.service"),
        ("\(wants)/linkedon.service", "/opt/linkedon.service"),
        ("etc/systemd/system/renamed.service", "/opt/deep.service"),
        ("run/systemd/system/multi-user.target.wants/runt.service", "/lib/systemd/system/runt.service"),
        ("run/systemd/system/rmask.service", "/dev/null"), ("\(units)/pkgalias.service", "base.service"),
        ("etc/systemd/system/dangling.service", "/lib/systemd/system/nowhere.service"),
        ("etc/systemd/system/loop.service", "loop.service"),
        ("etc/systemd/system/sockets.target.wants/sock.socket", "/lib/systemd/system/sock.socket"),
        ("\(wants)/a.b.service", "/lib/systemd/system/a.b.service"),
        ("etc/systemd/system/l.target.wants", "/real.wants"),
        ("real.wants/linkdir.service", "/lib/systemd/system/linkdir.service"),
        ("etc/systemd/system/alt@.service", "/lib/systemd/system/other@.service"),
        ("etc/rc2.d/S01old", "../init.d/old"), ("etc/rc3.d/S01old", "../init.d/old"),
        ("etc/rc0.d/K01old", "../init.d/old"),
        ("etc/rc5.d/S01old5", "../init.d/old5"), ("etc/rcS.d/S01olds", "../init.d/olds"),
        ("etc/rc5.d/S01both", "../init.d/both"), ("etc/rc2.d/Sxxold5", "../init.d/old5"),
        ("etc/runlevels/default/alpine", "/etc/init.d/alpine"),
    ]
}
