"""读取 workpiece-inspection.csv，计算平均值、标准差、Cp 和 Cpk。"""

import csv
from statistics import mean, stdev

LOWER, UPPER = 29.967, 30.000


def capability(values, lower, upper):
    """返回 (Cp, Cpk)。"""
    mu, sigma = mean(values), stdev(values)
    cp = (upper - lower) / (6 * sigma)
    cpk = min(upper - mu, mu - lower) / (3 * sigma)
    return cp, cpk


def main():
    with open("workpiece-inspection.csv", encoding="utf-8", newline="") as file:
        values = [float(row[1]) for row in list(csv.reader(file))[1:]]
    cp, cpk = capability(values, LOWER, UPPER)
    print(f"件数 {len(values)}，平均值 {mean(values):.4f}，标准差 {stdev(values):.4f}")
    print(f"Cp = {cp:.2f}，Cpk = {cpk:.2f}")


if __name__ == "__main__":
    main()
