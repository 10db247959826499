# patch_fpu.py TREE: lets Linux 6.1 and 6.12 run as a program (ARCH=um) on processors whose XSAVE area is larger than the
# 2696 bytes that these versions keep, such as those with AMX.
#
# Two things go wrong there. The kernel below takes registers back (PTRACE_SETREGSET) only in its own full size: so the part
# that is kept is put at the start of an area of that size. And a signal's frame must hold all that is kept, or
# AVX-512 registers are lost whenever a handler runs. Later versions (7.2) do both by themselves.
import sys

FRAME = "arch/x86/um/signal.c"
REGISTERS = "arch/x86/um/os-Linux/registers.c"


def replace(path, *changes):
    path = sys.argv[1] + "/" + path
    with open(path) as file:
        text = file.read()
    for old, new in changes:
        if text.count(old) != 1:
            sys.exit(f"patch_fpu: {path} has changed: {text.count(old)} times {old!r}")
        text = text.replace(old, new)
    with open(path, "w") as file:
        file.write(text)


replace(
    REGISTERS,
    ("#include <stdlib.h>\n", "#include <string.h>\n"),
    (
        "int have_xstate_support;\n",
        "int have_xstate_support;\n"
        "static unsigned char whole_area[65536];\nstatic size_t whole_size;\n",
    ),
    (
        "\tvoid * fp_regs;\n\tstruct iovec iov;\n\n"
        "\tfp_regs = malloc(FP_SIZE * sizeof(unsigned long));\n\tif(fp_regs == NULL)\n\t\treturn;\n\n"
        "\tiov.iov_base = fp_regs;\n\tiov.iov_len = FP_SIZE * sizeof(unsigned long);\n"
        "\tif (ptrace(PTRACE_GETREGSET, pid, NT_X86_XSTATE, &iov) == 0)\n\t\thave_xstate_support = 1;\n\n"
        "\tfree(fp_regs);\n",
        "\tstruct iovec iov = { whole_area, sizeof(whole_area) };\n\n"
        "\tif (ptrace(PTRACE_GETREGSET, pid, NT_X86_XSTATE, &iov) == 0) {\n"
        "\t\thave_xstate_support = 1;\n\t\twhole_size = iov.iov_len;\n\t}\n",
    ),
    (
        "\t\tiov.iov_base = fp_regs;\n\t\tiov.iov_len = FP_SIZE * sizeof(unsigned long);\n"
        "\t\tif (ptrace(PTRACE_SETREGSET",
        "\t\tmemcpy(whole_area, fp_regs, FP_SIZE * sizeof(unsigned long));\n"
        "\t\tiov.iov_base = whole_area;\n\t\tiov.iov_len = whole_size;\n"
        "\t\tif (ptrace(PTRACE_SETREGSET",
    ),
)
replace(
    FRAME,
    ("\t\t\t\t     sizeof(struct _xstate));\n", "\t\t\t\t     sizeof(regs->regs.fp));\n"),
    (
        "copy_to_user(to_fp, regs->regs.fp, sizeof(struct _xstate))",
        "copy_to_user(to_fp, regs->regs.fp, sizeof(regs->regs.fp))",
    ),
    (
        "\tstruct siginfo info;\n\tstruct _xstate fpstate;\n};",
        "\tstruct siginfo info;\n\tunion {\n\t\tstruct _xstate fpstate;\n\t\tunsigned long kept[MAX_FP_NR];\n\t};\n};",
    ),
)
